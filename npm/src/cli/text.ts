// `--format text`.

import type { Diagnostic, Position, Undecided } from '../types.js';
import { type Checked, grouped, reaches } from './checked.js';
import { frame } from './frame.js';
import { type Colors, counted, terminalSafe } from './output.js';
import { skippedText } from './skipped.js';

/** Rules about how a vault is governed. They find something at nearly every vault, so their infos are folded into one line. */
const GOVERNANCE: ReadonlySet<string> = new Set(['no-audit-log', 'no-purge-protection', 'rbac-disabled', 'retiring-api-version']);

/** Findings with their source lines, and a summary. */
export function text(checked: Checked, colors: Colors): string {
  const { report, texts, quiet, notes, undecided, failOn } = checked;
  const split = new Map<string, string[]>();
  const linesOf = (path: string): string[] => {
    const lines = split.get(path) ?? (texts.get(path) ?? '').split(/\r\n|\r|\n/);
    split.set(path, lines);
    return lines;
  };
  // A finding that fails the run is never folded.
  const isFolded = (found: Diagnostic) =>
    !notes && found.severity === 'info' && GOVERNANCE.has(found.rule) && !reaches(found.severity, failOn(found));
  const findings = report.diagnostics.filter((found) => !isFolded(found)).map((found) => finding(found, linesOf, colors));
  const folded = foldedText(report.diagnostics.filter(isFolded), colors);
  const parts = [
    ...findings,
    folded,
    undecided ? undecidedText(report.undecided, colors) : '',
    quiet ? '' : summary(checked, colors),
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('\n');
}

/** Infos about governance, one line for each vault. */
function foldedText(found: readonly Diagnostic[], colors: Colors): string {
  const vaults = grouped(found, ({ file, resource }) => JSON.stringify([file, resource?.address ?? null]));
  const lines = [...vaults.values()].map((own) => {
    const [{ resource, file, range }] = own as [Diagnostic];
    const rules = [...new Set(own.map(({ rule }) => rule))].join(', ');
    const name = terminalSafe(resource?.name ?? file);
    return `${colors.cyan(colors.bold('info'))}: ${name}, also: ${rules}; --notes shows them  ${colors.dim(place(file, range.start))}`;
  });
  return lines.join('\n');
}

/** Undecided questions by resource and cause. */
function causes(undecided: readonly Undecided[]): Undecided[][] {
  const key = ({ resource, dependsOn }: Undecided) => JSON.stringify([resource?.type, resource?.address, [...dependsOn].sort()]);
  return [...grouped(undecided, key).values()];
}

function undecidedText(undecided: readonly Undecided[], colors: Colors): string {
  const blocks = [...grouped(causes(undecided), ([first]) => JSON.stringify([first?.resource?.type, first?.resource?.address]))];
  return blocks
    .map(([, own]) => {
      const [[first] = []] = own;
      const name = terminalSafe(first?.resource?.address ?? 'the files');
      const lines = own.map((all) => {
        const rules = [...new Set(all.map(({ rule }) => rule))].join(', ');
        const reasons = [...new Set(all.map(({ reason }) => reason))].join('; ');
        const on = (all[0]?.dependsOn ?? []).map((form) => `\`${form}\``).join(', ');
        return `  ${colors.bold(rules)}: ${terminalSafe(`${reasons}${on === '' ? '' : `, which depends on ${on}`}`)}`;
      });
      return `${colors.cyan(colors.bold('undecided'))}: ${name}\n${lines.join('\n')}`;
    })
    .join('\n');
}

const VAULT = /^microsoft\.keyvault\/(vaults|managedhsms)$/i;
/** The most vaults to name in the summary. */
const MOST_NAMES = 3;
/** The most characters of a name there: an open name is an expression, which may be as long as the engine's largest. */
const MOST_OF_NAME = 60;
const shortened = (name: string) => (name.length > MOST_OF_NAME ? `${name.slice(0, MOST_OF_NAME - 1)}…` : name);

/** The number of undecided causes by vault. */
function openText(undecided: readonly Undecided[], isListed: boolean): string {
  const all = causes(undecided);
  if (all.length === 0) return '';
  const isVault = ([first]: Undecided[]) => VAULT.test(first?.resource?.type ?? '');
  const vaults = [...grouped(all.filter(isVault), ([first]) => first?.resource?.name ?? '')];
  const names = vaults.slice(0, MOST_NAMES).map(([name, own]) => `${own.length} of ${shortened(name)}`);
  const others = all.length - vaults.slice(0, MOST_NAMES).reduce((sum, [, own]) => sum + own.length, 0);
  const by = [...names, ...(others > 0 ? [`${others} of others`] : [])].join(', ');
  const how = isListed ? '' : ' (--undecided lists them)';
  const shown = names.length === 0 ? '' : ` (${by})`;
  return `; ${all.length} undecided${terminalSafe(shown)}, because the files do not determine them${how}`;
}

function finding(diagnostic: Diagnostic, linesOf: (path: string) => string[], colors: Colors): string {
  const { rule, severity, confidence, message, help, file, range, related } = diagnostic;
  const color = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const likely = confidence === 'likely' ? colors.dim(' (likely)') : '';
  const note = (name: string, text: string) => `  ${colors.blue('=')} ${colors.bold(name)}: ${terminalSafe(text)}`;
  return [
    `${color(colors.bold(severity))}${colors.bold(`[${rule}]`)}: ${colors.bold(terminalSafe(message))}${likely}`,
    `  ${colors.blue('→')} ${place(file, range.start)}`,
    frame(linesOf(file), range, colors, color),
    ...(help === '' ? [] : [note('help', help)]),
    ...related.map((other) => note('see', `${place(other.file, other.range.start)}: ${other.message}`)),
  ].join('\n');
}

function summary(checked: Checked, colors: Colors): string {
  const { report, known, fixed } = checked;
  const { summary, diagnostics, skipped } = report;
  const { files, vaults, errors, warnings, infos, suppressed } = summary;
  const found = [
    errors > 0 ? colors.red(counted(errors, 'error')) : '',
    warnings > 0 ? colors.yellow(counted(warnings, 'warning')) : '',
    infos > 0 ? colors.cyan(counted(infos, 'info')) : '',
  ].filter((part) => part !== '');
  const open = openText(report.undecided, checked.undecided);
  const read = `${counted(vaults, 'vault')} in ${counted(files, 'file')}`;
  const nothing =
    files === 0
      ? 'nothing was read'
      : fixed
        ? 'nothing wrong left'
        : known === undefined
          ? 'nothing wrong found'
          : 'nothing new found';
  const rest = found.length > 0 ? found.join(', ') : colors.green(nothing);
  const fixText = fixed === undefined ? fixable(diagnostics) : `; ${fixed} fixed`;
  const before = known === undefined ? '' : `; ${known.size} known from the baseline`;
  const answered = suppressed > 0 ? `; ${suppressed} suppressed` : '';
  const notRead = skipped.length > 0 ? `\n${colors.yellow(terminalSafe(skippedText(skipped)))}` : '';
  return `${read}: ${rest}${fixText}${before}${answered}${open === '' ? '' : colors.dim(open)}${notRead}`;
}

/** The number of findings with a fix, and the option that applies it. */
function fixable(diagnostics: readonly Diagnostic[]): string {
  const offered = diagnostics.filter(({ fixes }) => fixes.length > 0);
  const safe = offered.filter(({ fixes }) => fixes.some(({ applicability }) => applicability === 'safe')).length;
  const unsafe = offered.length - safe;
  const parts = [safe > 0 ? `${safe} with --fix` : '', unsafe > 0 ? `${unsafe} with --unsafe-fixes` : ''];
  const found = parts.filter((part) => part !== '');
  return found.length > 0 ? `; fixable: ${found.join(', ')}` : '';
}

function place(file: string, { line, character }: Position): string {
  return `${terminalSafe(file)}:${line + 1}:${character + 1}`;
}
