// `--format sarif`.

import { sarif as log } from '../reports/sarif.js';
import type { Checked } from './checked.js';
import { fingerprints } from './fingerprints.js';
import { uriFromRoot } from './places.js';
import { pageOf } from './rules.js';

export function sarif({ all, known, report, rules, version, root }: Checked): string {
  return log({ report, all: fingerprints(all), known, rules, pageOf, uriOf: (path) => uriFromRoot(path, root), version });
}
