// Identities of findings, which stay the same between runs.

import type { Diagnostic } from '../types.js';

/**
 * The identity of each finding: its rule, its resource, the names in its message, and its index among equal ones in a file.
 * Its position and the wording of its message may change. A fingerprint is the first half of the identity's SHA-256, in
 * hexadecimal digits.
 */
export function identities(diagnostics: readonly Diagnostic[]): Map<Diagnostic, string> {
  const seen = new Map<string, number>();
  return new Map(
    diagnostics.map((diagnostic) => {
      const parts = [diagnostic.rule, diagnostic.resource?.type, diagnostic.resource?.address, ...named(diagnostic.message)];
      // Names in Azure are case-insensitive.
      const identity = JSON.stringify(parts.map((part) => part?.toLowerCase() ?? null));
      const inFile = JSON.stringify([diagnostic.file, identity]);
      const earlier = seen.get(inFile) ?? 0;
      seen.set(inFile, earlier + 1);
      return [diagnostic, `${identity}${earlier}`];
    }),
  );
}

/** The names and values in backticks, without those of defaults. */
function named(message: string): string[] {
  const [finding = ''] = message.split(' (with the default', 1);
  return finding.split('`').filter((_, at) => at % 2 === 1);
}
