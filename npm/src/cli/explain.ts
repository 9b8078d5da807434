// `vaultmoat explain` with a caller.

import { decisionInMarkdown, places, vaultName, verdict } from '../reports/access.js';
import type { Decision } from '../types.js';
import { type Colors, terminalSafe } from './output.js';
import { notes, painted, stepText } from './steps.js';

export const printer = {
  about: `Follows a request to a vault through every gate, gives the reason for each outcome, and lists changes that would let
the caller in. Without --from, prints a table of all callers in the files.`,
  usage: '[--vault NAME] [--from CALLER]',
  text,
  markdown: (report: Decision, facts: boolean) => decisionInMarkdown(report, { facts }),
};

function text(decision: Decision, colors: Colors, withFacts: boolean): string {
  const { vault, caller, dependsOn, unless, assumed, steps, fixes } = decision;
  const head = `${colors.bold(terminalSafe(`${caller} → ${vaultName(vault)}`))}: ${painted(decision.outcome, verdict(decision), colors)}\n`;
  return [
    head,
    '\n',
    ...steps.map((step) => stepText(step, withFacts, colors)),
    notes('Depends on', dependsOn, colors),
    notes(
      'Would be allowed by',
      unless.map(({ what }) => what),
      colors,
    ),
    notes('Assumes the defaults of', assumed, colors),
    fixes.length > 0 ? `\n${colors.bold('Changes that would allow it')}\n` : '',
    ...fixes.map((fix) => `  - ${terminalSafe(fix.title)}  ${colors.dim(places(fix))}\n`),
  ].join('');
}
