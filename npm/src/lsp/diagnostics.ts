// Converts findings to diagnostics of the Language Server Protocol.

import { type Diagnostic, DiagnosticSeverity, DiagnosticTag, type TextEdit } from 'vscode-languageserver';
import { insteadOf, isModule } from '../gather.js';
import type { Applicability, Diagnostic as Finding, Fix, Report, Severity } from '../types.js';
import { plain } from './ranges.js';
import type { Unit } from './unit.js';
import { type Problem, TOP, type View, type Workspace } from './workspace.js';

const SOURCE = 'vaultmoat';

/** The `data` of a diagnostic, for clients that apply fixes themselves. */
interface Data {
  readonly fixes: readonly EditorFix[];
}

/** A fix with its edits by URI. */
export interface EditorFix {
  readonly title: string;
  readonly applicability: Applicability;
  readonly changes: Readonly<Record<string, TextEdit[]>>;
}

const SEVERITIES: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** Rules about code without effect, which editors fade out. */
const WITHOUT_EFFECT = new Set([
  'ineffective-firewall-rule',
  'unroutable-ip-rule',
  'redundant-ip-rule',
  'redundant-vnet-rule',
  'ignored-by-api-version',
  'unenforced-network-policy',
  'access-policies-ignored',
  'vault-policy-parameter-ignored',
  'unused-suppression',
]);

const DEPRECATED = new Set(['legacy-route-all', 'removed-argument', 'retiring-api-version', 'soft-delete-disabled']);

/** The findings in a document. */
export function findings({ report, path }: View): Finding[] {
  return isAboutNetworks(report) ? report.diagnostics.filter(({ file }) => file === path) : [];
}

/** The findings of all units by URI. Files without findings are included, which clears their old diagnostics. */
export function diagnosticsByFile(workspace: Workspace, units: readonly Unit[]): Map<string, Diagnostic[]> {
  const found = new Map<string, Map<string, Diagnostic>>();
  for (const { report, texts } of units) {
    if (report === undefined) continue;
    const files = [...texts.keys()].filter((path) => !isModule(path));
    const own = new Map(files.map((path) => [path, found.get(workspace.uri(path)) ?? new Map<string, Diagnostic>()]));
    for (const [path, diagnostics] of own) found.set(workspace.uri(path), diagnostics);
    if (!isAboutNetworks(report)) continue;
    for (const finding of report.diagnostics) {
      // A module that is used twice has equal findings.
      const { rule, range, message } = finding;
      own.get(finding.file)?.set(JSON.stringify([rule, range, message]), editorDiagnostic(workspace, finding));
    }
  }
  return new Map([...found].map(([uri, diagnostics]) => [uri, [...diagnostics.values()]]));
}

/** Whether a unit has a vault or a resource that is related to one; other files are left to other linters. */
function isAboutNetworks({ summary, diagnostics, undecided }: Report): boolean {
  return summary.vaults > 0 || [...diagnostics, ...undecided].some(({ resource }) => resource !== null);
}

export function editorDiagnostic(workspace: Workspace, finding: Finding): Diagnostic {
  const { rule, severity, confidence, message, help, range, related, fixes, url } = finding;
  const tags = [
    ...(WITHOUT_EFFECT.has(rule) ? [DiagnosticTag.Unnecessary] : []),
    ...(DEPRECATED.has(rule) ? [DiagnosticTag.Deprecated] : []),
  ];
  const data: Data = { fixes: fixes.map((fix) => editorFix(workspace, fix)) };
  return {
    range: plain(range),
    severity: SEVERITIES[severity],
    code: rule,
    codeDescription: { href: url },
    source: SOURCE,
    message: `${message}${confidence === 'likely' ? ' (likely)' : ''}${help === '' ? '' : `\n${help}`}`,
    ...(tags.length > 0 ? { tags } : {}),
    ...(related.length > 0
      ? {
          relatedInformation: related.map(({ file, range, message }) => ({
            location: { uri: workspace.uri(file), range: plain(range) },
            message,
          })),
        }
      : {}),
    data,
  };
}

/** The diagnostic of a configuration error. */
export function configurationDiagnostic({ range, message, severity }: Problem): Diagnostic {
  return { range: plain(range), severity: SEVERITIES[severity], code: 'configuration', source: SOURCE, message };
}

/** The diagnostic of a file that mentions a vault: silence would look as if nothing were wrong with it. */
export function notRead(uri: string): Diagnostic {
  const message = 'this file mentions a vault, and vaultmoat does not read files of its kind';
  const instead = insteadOf(uri);
  return {
    range: plain(TOP),
    severity: SEVERITIES.info,
    code: 'not-read',
    source: SOURCE,
    message: instead === undefined ? message : `${message}\n${instead}`,
  };
}

export function editorFix(workspace: Workspace, { title, applicability, edits }: Fix): EditorFix {
  const changes: Record<string, TextEdit[]> = {};
  for (const { file, range, text } of edits) {
    (changes[workspace.uri(file)] ??= []).push({ range: plain(range), newText: text });
  }
  return { title, applicability, changes };
}
