// `vaultmoat monitor`.

import type { LogQuery, MonitoredVault, MonitorReport, PolicyAssignment } from '../types.js';
import { counted, terminalSafe } from './output.js';

export const printer = {
  about: `Prints Kusto queries that watch the vaults, and assignments of Azure's built-in policies that keep them as they
are. The text is Markdown.`,
  text,
};

function text({ vaults, policies, vaultsLeftOut }: MonitorReport): string {
  if (vaults.length === 0) return 'no vault is declared in the files\n';
  const rest = vaultsLeftOut > 0 ? [`${counted(vaultsLeftOut, 'more vault')} left out; pass fewer files.`] : [];
  return `${[
    '# Monitoring',
    ...vaults.flatMap(vaultText),
    ...rest,
    '# Policies that keep the present state',
    ...(policies.length > 0 ? policies.flatMap(policyText) : ['No built-in policy is satisfied by these vaults.']),
  ].join('\n\n')}\n`;
}

function vaultText({ vault, file, range, logged, queries }: MonitoredVault): string[] {
  const noun = vault.type.toLowerCase().endsWith('managedhsms') ? 'Managed HSM' : 'Vault';
  const state = { kept: 'Logs arrive', lost: '**No logs arrive**', open: 'Whether logs arrive is undecided' }[logged.state];
  // The table that the vault's setting fills comes first.
  const sorted = [...queries].sort((a, b) => Number(b.table === logged.table) - Number(a.table === logged.table));
  return [
    `## ${noun} ${code(vault.name)}`,
    `Declared at ${place(file, range.start.line)}. ${state}: ${inline(logged.message)} (${place(logged.file, logged.range.start.line)}).`,
    ...sorted.flatMap(queryText),
  ];
}

function queryText({ title, table, kql }: LogQuery): string[] {
  return [`### ${title} (\`${table}\`)`, fenced('kusto', kql)];
}

function policyText({ guid, name, effect, why, command, bicep }: PolicyAssignment): string[] {
  return [`## ${inline(name)}`, `\`${guid}\`, effect ${effect}: ${inline(why)}.`, fenced('sh', command), fenced('bicep', bicep)];
}

function place(file: string, line: number): string {
  return code(`${file}:${line + 1}`);
}

/** A fenced block, with a fence that is longer than any in the text. */
function fenced(language: string, text: string): string {
  const safe = text.split('\n').map(terminalSafe).join('\n').trimEnd();
  const fence = '`'.repeat(Math.max(3, longest(safe) + 1));
  return `${fence}${language}\n${safe}\n${fence}`;
}

function code(text: string): string {
  const safe = terminalSafe(text);
  const tick = '`'.repeat(longest(safe) + 1);
  return safe.includes('`') ? `${tick} ${safe} ${tick}` : `${tick}${safe}${tick}`;
}

function longest(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

/** A sentence with names in backticks: markup outside of backticks is escaped. */
function inline(text: string): string {
  const parts = terminalSafe(text).split('`');
  return parts
    .map((part, at) => (at % 2 === 1 && at < parts.length - 1 ? code(part) : part.replace(/[<&*_[\]\\`]/g, '\\$&')))
    .join('');
}
