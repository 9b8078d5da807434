// Findings as an editor shows them.

import { type Diagnostic, DiagnosticSeverity, DiagnosticTag, type TextEdit } from 'vscode-languageserver';
import { isModule } from '../gather.js';
import type { Applicability, Diagnostic as Finding, Fix, Report, Severity } from '../types.js';
import { plain } from './ranges.js';
import type { Unit } from './unit.js';
import type { Problem, View, Workspace } from './workspace.js';

/** Who found it. */
export const SOURCE = 'vaultmoat';

/** What a diagnostic carries for clients that apply fixes themselves. */
export interface Data {
  readonly fixes: readonly EditorFix[];
}

/** A fix by the addresses of the files. */
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

/** What these rules find does nothing: it can go. */
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

/** The findings of all units, by the addresses of the files. Every file of a unit is named, so that old ones go. */
export function diagnosticsByFile(workspace: Workspace, units: readonly Unit[]): Map<string, Diagnostic[]> {
  const found = new Map<string, Map<string, Diagnostic>>();
  for (const { report, texts } of units) {
    if (report === undefined) continue;
    const files = [...texts.keys()].filter((path) => !isModule(path));
    const own = new Map(files.map((path) => [path, found.get(workspace.uri(path)) ?? new Map<string, Diagnostic>()]));
    for (const [path, diagnostics] of own) found.set(workspace.uri(path), diagnostics);
    if (!isAboutNetworks(report)) continue;
    for (const finding of report.diagnostics) {
      // A module that is used twice says the same twice.
      const { rule, range, message } = finding;
      own.get(finding.file)?.set(JSON.stringify([rule, range, message]), editorDiagnostic(workspace, finding));
    }
  }
  return new Map([...found].map(([uri, diagnostics]) => [uri, [...diagnostics.values()]]));
}

/** Whether there is a vault, or something that has to do with one; other linters say what is wrong with other files. */
export function isAboutNetworks({ summary, diagnostics, undecided }: Report): boolean {
  return summary.vaults > 0 || [...diagnostics, ...undecided].some(({ resource }) => resource !== null);
}

/** One finding. */
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

/** What is wrong with a configuration. */
export function configurationDiagnostic({ range, message, severity }: Problem): Diagnostic {
  return { range: plain(range), severity: SEVERITIES[severity], code: 'configuration', source: SOURCE, message };
}

/** One fix. */
export function editorFix(workspace: Workspace, { title, applicability, edits }: Fix): EditorFix {
  const changes: Record<string, TextEdit[]> = {};
  for (const { file, range, text } of edits) {
    (changes[workspace.uri(file)] ??= []).push({ range: plain(range), newText: text });
  }
  return { title, applicability, changes };
}
