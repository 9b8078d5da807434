// `--format sarif`.

import { sarif as log } from '../reports/sarif.js';
import type { Checked } from './checked.js';
import { fingerprints } from './fingerprints.js';
import { uriFromRoot } from './places.js';
import { pageOf } from './rules.js';

export function sarif({ all, known, report, suppressed, rules, version, root }: Checked): string {
  // Suppressed findings are optional: GitHub's code scanning opens an alert for each of them.
  const chosen = fingerprints(suppressed ? [...all, ...report.suppressed] : all);
  return log({ report, all: chosen, known, rules, pageOf, uriOf: (path) => uriFromRoot(path, root), version });
}
