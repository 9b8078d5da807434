// Fingerprints of findings, for SARIF and baselines.

import { createHash } from 'node:crypto';
import { identities } from '../reports/identities.js';
import type { Diagnostic } from '../types.js';

export function fingerprints(diagnostics: readonly Diagnostic[]): Map<Diagnostic, string> {
  const hashed = (identity: string): string => createHash('sha256').update(identity).digest('hex').slice(0, 32);
  return new Map([...identities(diagnostics)].map(([diagnostic, identity]) => [diagnostic, hashed(identity)]));
}
