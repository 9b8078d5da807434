// `vaultmoat explain` without a caller.

import { accessInMarkdown, byVault, outcome, reason } from '../reports/access.js';
import type { AccessReport } from '../types.js';
import { type Colors, terminalSafe } from './output.js';
import { painted } from './steps.js';
import { printer as explain } from './explain.js';

export const printer = { about: explain.about, text: table, markdown: (report: AccessReport) => accessInMarkdown(report) };

/** A table of all callers and outcomes for each vault. */
function table({ decisions, leftOut }: AccessReport, colors: Colors): string {
  if (decisions.length === 0) return 'no vault found\n';
  const width = Math.min(60, Math.max(...decisions.map(({ caller }) => terminalSafe(caller).length)));
  const parts = byVault(decisions).map(([vault, own]) => {
    const rows = own.map((decision) => {
      const who = terminalSafe(decision.caller).padEnd(width);
      const why = colors.dim(terminalSafe(reason(decision)));
      return `  ${who}  ${painted(decision.outcome, outcome(decision).padEnd(34), colors)} ${why}\n`;
    });
    return `${colors.bold(terminalSafe(vault))}\n${rows.join('')}`;
  });
  return `${parts.join('\n')}${leftOut ? '\nmore callers are left out\n' : ''}`;
}
