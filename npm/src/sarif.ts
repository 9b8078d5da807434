// A report of `check` as SARIF: a function of it, without the engine.

import { isModule } from './gather.js';
import { identities } from './reports/identities.js';
import { sarif } from './reports/sarif.js';
import type { Report, RuleInfo } from './types.js';

/** What a log says of the tool. */
export interface SarifOptions {
  /** Every rule, as `engine.rules()` gives them. */
  readonly rules: readonly RuleInfo[];
  /** `engine.version`. */
  readonly version: string;
  /** The page of a rule, in Markdown. Default: its summary. */
  readonly pageOf?: ((rule: RuleInfo) => string) | undefined;
}

/**
 * As SARIF 2.1.0. Paths are taken to be relative to the root of the repository. Findings have fingerprints where there is
 * Web Crypto, which pages have that came by HTTPS.
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
