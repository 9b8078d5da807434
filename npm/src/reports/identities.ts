// What makes a finding the same one tomorrow.

import type { Diagnostic } from '../types.js';

/**
 * An identity for every finding: from its rule, its resource and what its message names, and among equal ones in a
 * file from their order. Where it stands, and in which words it is told, may change. Its fingerprint is the first half of
 * its SHA-256, in hexadecimal digits.
 */
export function identities(diagnostics: readonly Diagnostic[]): Map<Diagnostic, string> {
  const seen = new Map<string, number>();
  return new Map(
    diagnostics.map((diagnostic) => {
      const parts = [diagnostic.rule, diagnostic.resource?.type, diagnostic.resource?.address, ...named(diagnostic.message)];
      // Azure's names know no case.
      const identity = JSON.stringify(parts.map((part) => part?.toLowerCase() ?? null));
      const inFile = JSON.stringify([diagnostic.file, identity]);
      const earlier = seen.get(inFile) ?? 0;
      seen.set(inFile, earlier + 1);
      return [diagnostic, `${identity}${earlier}`];
    }),
  );
}

/** What stands in backticks: names and values. Which default a value came from does not make another finding. */
function named(message: string): string[] {
  const [finding = ''] = message.split(' (with the default', 1);
  return finding.split('`').filter((_, at) => at % 2 === 1);
}
