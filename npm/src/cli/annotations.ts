// `--format github` and `--format azure-pipelines`: commands that a build agent reads from the log.

import type { Diagnostic } from '../types.js';
import type { Checked } from './checked.js';
import { terminalSafe } from './output.js';
import { fromRoot } from './places.js';
import { skippedText } from './skipped.js';

/** Escapes of the characters with a meaning in a command. */
type Codes = Readonly<Record<string, string>>;

const GITHUB: Codes = { '%': '%25' };
const GITHUB_PROPERTY: Codes = { ...GITHUB, ':': '%3A', ',': '%2C' };
const AZURE: Codes = { '%': '%AZP25' };
const AZURE_PROPERTY: Codes = { ...AZURE, ';': '%3B', ']': '%5D' };

const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Workflow commands of GitHub Actions. */
export function github({ report, root, quiet }: Checked): string {
  const lines = report.diagnostics.map((diagnostic) => {
    const { rule, severity, file, range } = diagnostic;
    const { start, end } = range;
    // GitHub takes columns for annotations of one line only.
    const columns = start.line === end.line ? { col: start.character + 1, endColumn: end.character + 1 } : {};
    const properties = { file: fromRoot(file, root), line: start.line + 1, endLine: end.line + 1, ...columns, title: rule };
    const list = Object.entries(properties).map(([name, value]) => `${name}=${encoded(String(value), GITHUB_PROPERTY)}`);
    return `::${COMMAND[severity]} ${list.join(',')}::${text(diagnostic, GITHUB)}\n`;
  });
  if (report.skipped.length > 0 && !quiet) {
    const properties = `title=${encoded('files that were not read', GITHUB_PROPERTY)}`;
    lines.push(`::notice ${properties}::${encoded(skippedText(report.skipped), GITHUB)}\n`);
  }
  return lines.join('');
}

/** Logging commands of Azure Pipelines. It has errors and warnings; infos are lines of the log. */
export function azurePipelines({ report, root, quiet }: Checked): string {
  const lines = report.diagnostics.map((diagnostic) => {
    const { rule, severity, message, file, range } = diagnostic;
    const path = fromRoot(file, root);
    const { line, character } = range.start;
    if (severity === 'info') return `${terminalSafe(`${path}:${line + 1}:${character + 1}: info[${rule}]: ${message}`)}\n`;
    const properties = { type: severity, sourcepath: path, linenumber: line + 1, columnnumber: character + 1, code: rule };
    const list = Object.entries(properties).map(([name, value]) => `${name}=${encoded(String(value), AZURE_PROPERTY)};`);
    return `##vso[task.logissue ${list.join('')}]${text(diagnostic, AZURE)}\n`;
  });
  if (report.skipped.length > 0 && !quiet) lines.push(`${terminalSafe(skippedText(report.skipped))}\n`);
  return lines.join('');
}

/** The message and its help; both agents decode `%0A` as a line break. */
function text({ message, help }: Diagnostic, codes: Codes): string {
  const lines = [message, help].filter((line) => line !== '');
  return lines.map((line) => encoded(line, codes)).join('%0A');
}

function encoded(text: string, codes: Codes): string {
  return [...terminalSafe(text)].map((character) => codes[character] ?? character).join('');
}
