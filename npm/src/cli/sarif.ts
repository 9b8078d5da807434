// `--format sarif`.

import { sarif as log } from '../reports/sarif.js';
import type { Checked } from './checked.js';
import { fingerprints } from './fingerprints.js';
import { uriFromRoot } from './places.js';
import { pageOf } from './rules.js';

export function sarif({ all, known, report, suppressed, rules, version, root }: Checked): string {
  // Not by default: GitHub's code scanning opens an alert for a suppressed result as for any other.
  const chosen = fingerprints(suppressed ? [...all, ...report.suppressed] : all);
  return log({ report, all: chosen, known, rules, pageOf, uriOf: (path) => uriFromRoot(path, root), version });
}
