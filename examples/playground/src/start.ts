// Starts the engine first, since that takes the longest.

import { Session } from './session.js';

export const starting = Session.start();
// The page shows the error.
starting.catch(() => undefined);
