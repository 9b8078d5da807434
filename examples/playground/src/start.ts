// The engine starts before anything else of the page, which is what it takes longest to wait for.

import { Session } from './session.js';

export const starting = Session.start();
// The page says so when it is there.
starting.catch(() => undefined);
