// A report for people.

import type { Diagnostic, Position, Report } from '../types.js';
import { frame } from './frame.js';
import { type Colors, counted } from './output.js';

/** Findings with the lines they are about, then what there is in all. */
export function text(report: Report, texts: ReadonlyMap<string, string>, colors: Colors, quiet: boolean): string {
  const split = new Map<string, string[]>();
  const linesOf = (path: string): string[] => {
    const lines = split.get(path) ?? (texts.get(path) ?? '').split(/\r\n|\r|\n/);
    split.set(path, lines);
    return lines;
  };
  const findings = report.diagnostics.map((diagnostic) => finding(diagnostic, linesOf, colors));
  return [...findings, ...(quiet ? [] : [summary(report, colors)])].map((part) => `${part}\n`).join('\n');
}

function finding(diagnostic: Diagnostic, linesOf: (path: string) => string[], colors: Colors): string {
  const { rule, severity, confidence, message, help, file, range, related } = diagnostic;
  const color = { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity];
  const likely = confidence === 'likely' ? colors.dim(' (likely)') : '';
  const note = (name: string, text: string) => `  ${colors.blue('=')} ${colors.bold(name)}: ${plain(text)}`;
  return [
    `${color(colors.bold(severity))}${colors.bold(`[${rule}]`)}: ${colors.bold(plain(message))}${likely}`,
    `  ${colors.blue('→')} ${place(file, range.start)}`,
    frame(linesOf(file), range, colors, color),
    ...(help === '' ? [] : [note('help', help)]),
    ...related.map((other) => note('see', `${place(other.file, other.range.start)}: ${other.message}`)),
  ].join('\n');
}

function summary({ summary }: Report, colors: Colors): string {
  const { files, vaults, errors, warnings, infos, undecided } = summary;
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
  return `${read}: ${found.length > 0 ? found.join(', ') : colors.green('nothing wrong found')}${open}`;
}

function place(file: string, { line, character }: Position): string {
  return `${file}:${line + 1}:${character + 1}`;
}

/** Names in messages come from files, and must not command the terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '·');
}
