// Prints the JSON Schema of vaultmoat.toml, of the code that reads it.

import { configSchema } from '../dist/config/settings.js';
import { createEngine } from '../dist/node.js';

process.stdout.write(`${JSON.stringify(configSchema((await createEngine()).rules()), undefined, 2)}\n`);
