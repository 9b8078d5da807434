// Converts a report of `check` to SARIF, without the engine.

import { isModule } from './gather.js';
import { identities } from './reports/identities.js';
import { sarif } from './reports/sarif.js';
import type { Report, RuleInfo } from './types.js';

/** The metadata of the tool in a log. */
export interface SarifOptions {
  /** `engine.rules()`. */
  readonly rules: readonly RuleInfo[];
  /** `engine.version`. */
  readonly version: string;
  /** The page of a rule, in Markdown. Default: its summary. */
  readonly pageOf?: ((rule: RuleInfo) => string) | undefined;
}

/**
 * Converts a report to SARIF 2.1.0. Its paths must be relative to the root of the repository. Findings have fingerprints if
 * Web Crypto is available, which requires HTTPS in a browser.
 */
export async function toSarif(report: Report, { rules, version, pageOf = summary }: SarifOptions): Promise<string> {
  const all = [...identities(report.diagnostics)].map(async ([diagnostic, identity]) => {
    return [diagnostic, await fingerprint(identity)] as const;
  });
  return sarif({ report, all: new Map(await Promise.all(all)), rules, pageOf, uriOf, version });
}

function summary({ slug, summary }: RuleInfo): string {
  return `# ${slug}\n\n${summary}\n`;
}

function uriOf(path: string): { uri: string; isRelative: boolean } {
  const name = path.replace(/\p{Surrogate}/gu, '\ufffd');
  if (isModule(name)) return { uri: encodeURI(name), isRelative: false };
  return { uri: name.split('/').map(encodeURIComponent).join('/'), isRelative: true };
}

async function fingerprint(identity: string): Promise<string | undefined> {
  const { subtle } = globalThis.crypto as Partial<Crypto>;
  if (subtle === undefined) return undefined;
  const hash = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(identity)));
  return [...hash.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
