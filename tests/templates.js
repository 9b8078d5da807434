// The example templates, in the form that every host gets.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** @type {[path: string, text: string][]} */
export const templates = readdirSync(join(root, 'examples/templates'), { recursive: true, encoding: 'utf8' })
  .map((name) => `examples/templates/${name.replaceAll('\\', '/')}`)
  .filter((path) => /\.(json|bicep|bicepparam|tf)$/.test(path))
  .sort()
  .map((path) => [path, readFileSync(join(root, path), 'utf8')]);
