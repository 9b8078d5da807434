// A report for people.

import type { Diagnostic, Position } from '../types.js';
import type { Checked } from './checked.js';
import { frame } from './frame.js';
import { type Colors, counted, terminalSafe } from './output.js';

/** Findings with the lines they are about, then what there is in all. */
export function text(checked: Checked, colors: Colors): string {
  const { report, texts, quiet } = checked;
  const split = new Map<string, string[]>();
  const linesOf = (path: string): string[] => {
    const lines = split.get(path) ?? (texts.get(path) ?? '').split(/\r\n|\r|\n/);
    split.set(path, lines);
    return lines;
  };
  const findings = report.diagnostics.map((diagnostic) => finding(diagnostic, linesOf, colors));
  return [...findings, ...(quiet ? [] : [summary(checked, colors)])].map((part) => `${part}\n`).join('\n');
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

function summary({ report: { summary, diagnostics }, known, fixed }: Checked, colors: Colors): string {
  const { files, vaults, errors, warnings, infos, undecided, suppressed } = summary;
  const found = [
    errors > 0 ? colors.red(counted(errors, 'error')) : '',
    warnings > 0 ? colors.yellow(counted(warnings, 'warning')) : '',
    infos > 0 ? colors.cyan(counted(infos, 'info')) : '',
  ].filter((part) => part !== '');
  const open =
    undecided > 0
      ? colors.dim(`; ${undecided} undecided, because the files do not determine them (--format json lists them)`)
      : '';
  const read = `${counted(vaults, 'vault')} in ${counted(files, 'file')}`;
  const nothing = fixed ? 'nothing wrong left' : known === undefined ? 'nothing wrong found' : 'nothing new found';
  const rest = found.length > 0 ? found.join(', ') : colors.green(nothing);
  const mended = fixed === undefined ? fixable(diagnostics) : `; ${fixed} fixed`;
  const before = known === undefined ? '' : `; ${known.size} known from the baseline`;
  const answered = suppressed > 0 ? `; ${suppressed} suppressed` : '';
  return `${read}: ${rest}${mended}${before}${answered}${open}`;
}

/** How many findings come with a fix, and how to have it made. */
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
