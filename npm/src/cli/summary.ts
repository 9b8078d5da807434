// `--format markdown`: for the summary of a pipeline's run, or a comment on a pull request.

import type { Diagnostic, Undecided } from '../types.js';
import type { Checked } from './checked.js';
import { markdown } from '../reports/markdown.js';
import { counted } from './output.js';

/** A comment on GitHub has 65,536 characters at most. */
const LONGEST = 60_000;

export function summary({ report, known, fixed, quiet }: Checked): string {
  const { vaults, files, errors, warnings, infos, undecided } = report.summary;
  const found = errors + warnings + infos;
  const what = known === undefined ? 'finding' : 'new finding';
  const nothing = fixed ? 'nothing wrong left' : known === undefined ? 'nothing wrong found' : 'nothing new found';
  const title = found > 0 ? counted(found, what) : nothing;
  const columns: [string, number][] = [
    ['Errors', errors],
    ['Warnings', warnings],
    ['Infos', infos],
    ['Undecided', undecided],
    ...(known === undefined ? [] : ([['Known', known.size]] as [string, number][])),
    ...(fixed === undefined ? [] : ([['Fixed', fixed]] as [string, number][])),
    ['Vaults', vaults],
    ['Files', files],
  ];
  const counts = `${row(columns.map(([name]) => name))}${row(columns.map(() => '--:'))}${row(columns.map(([, count]) => String(count)))}`;
  let left = LONGEST;
  const fitting = (rows: string[], more: (count: number) => string): string => {
    const at = rows.findIndex((line) => (left -= line.length) < 0);
    return at < 0 ? rows.join('') : rows.slice(0, at).join('') + more(rows.length - at);
  };
  const findings = fitting(report.diagnostics.map(findingRow), (count) => row(['', '', '', `and ${count} more`]));
  const open = fitting(report.undecided.map(undecidedRow), (count) => row(['', '', `and ${count} more`]));
  return [
    `### vaultmoat: ${title}\n`,
    quiet ? '' : counts,
    findings && `${row(['', 'Rule', 'Place', 'Finding'])}${row(['---', '---', '---', '---'])}${findings}`,
    open &&
      `<details><summary>${undecided} undecided, because the files do not determine them</summary>\n\n` +
        `${row(['Rule', 'Resource', 'Open'])}${row(['---', '---', '---'])}${open}\n</details>\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

function findingRow({ severity, confidence, rule, url, message, help, file, range: { start } }: Diagnostic): string {
  const likely = confidence === 'likely' ? ' (likely)' : '';
  const finding = [message, help].filter((line) => line !== '').map(markdown);
  return row([`${severity}${likely}`, `[${rule}](${url})`, markdown(`${file}:${start.line + 1}`), finding.join('<br>')]);
}

function undecidedRow({ rule, resource, reason }: Undecided): string {
  return row([rule, markdown(resource?.address ?? ''), markdown(reason)]);
}
