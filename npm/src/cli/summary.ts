// `--format markdown`: for the summary of a pipeline's run, or a comment on a pull request.

import type { Control, Diagnostic, Requirement, Undecided } from '../types.js';
import type { Checked } from './checked.js';
import { markdown } from '../reports/markdown.js';
import { counted } from './output.js';
import { skippedText } from './skipped.js';

/** A comment on GitHub has 65,536 characters at most. */
const LONGEST = 60_000;

const ABOUT =
  "Whether the files satisfy Azure's built-in policies, and the requirements that this is evidence for, each with the state " +
  'of its worst policy. Evidence covers a part of a requirement, not all of it.';

export function summary({ report, controls, known, fixed, quiet }: Checked): string {
  const { vaults, files, errors, warnings, infos, undecided, suppressed } = report.summary;
  const found = errors + warnings + infos;
  const what = known === undefined ? 'finding' : 'new finding';
  const nothing = fixed ? 'nothing wrong left' : known === undefined ? 'nothing wrong found' : 'nothing new found';
  const title = found > 0 ? counted(found, what) : files === 0 ? 'nothing was read' : nothing;
  const columns: [string, number][] = [
    ['Errors', errors],
    ['Warnings', warnings],
    ['Infos', infos],
    ['Undecided', undecided],
    ...(known === undefined ? [] : ([['Known', known.size]] as [string, number][])),
    ...(suppressed === 0 ? [] : ([['Suppressed', suppressed]] as [string, number][])),
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
  const evidence = fitting((controls?.controls ?? []).map(controlRow), (count) => row(['', '', '', '', `and ${count} more`]));
  const asked = fitting((controls?.requirements ?? []).map(requirementRow), (count) => row(['', '', '', `and ${count} more`]));
  const vaultsLeftOut = controls?.vaultsLeftOut ?? 0;
  return [
    `### vaultmoat: ${title}\n`,
    quiet ? '' : counts,
    findings && `${row(['', 'Rule', 'Place', 'Finding'])}${row(['---', '---', '---', '---'])}${findings}`,
    open &&
      `<details><summary>${undecided} undecided, because the files do not determine them</summary>\n\n` +
        `${row(['Rule', 'Resource', 'Open'])}${row(['---', '---', '---'])}${open}\n</details>\n`,
    report.skipped.length > 0 ? `${markdown(skippedText(report.skipped))}\n` : '',
    controls && controls.controls.length > 0 ? `#### Controls\n\n${ABOUT}\n` : '',
    evidence &&
      `${row(['Vault', 'Policy', 'State', 'Because', 'Evidence'])}${row(['---', '---', '---', '---', '---'])}${evidence}`,
    asked && `${row(['Vault', 'Framework', 'Requirement', 'Evidence'])}${row(['---', '---', '---', '---'])}${asked}`,
    vaultsLeftOut > 0 ? `${counted(vaultsLeftOut, 'more vault')} left out; pass fewer files.\n` : '',
  ]
    .filter((part) => part !== undefined && part !== '')
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

function controlRow({ vault, guid, name, state, because, dependsOn, assumed, frameworks, file, range }: Control): string {
  const on = [
    because,
    dependsOn.length > 0 ? `depends on ${dependsOn.join(', ')}` : '',
    assumed.length > 0 ? `with the default of ${assumed.map((name) => `\`${name}\``).join(', ')}` : '',
    `${file}:${range.start.line + 1}`,
  ];
  const reasons = on.filter((line) => line !== '').map(markdown);
  const shown = `${markdown(name)}<br>\`${guid}\``;
  return row([
    markdown(vault.address),
    shown,
    state.replace('-', ' '),
    reasons.join('<br>'),
    frameworks.map(({ framework }) => framework).join(', '),
  ]);
}

function requirementRow({ vault, framework, requirement, state }: Requirement): string {
  return row([markdown(vault.address), markdown(framework), markdown(requirement), state.replace('-', ' ')]);
}
