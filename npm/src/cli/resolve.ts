// `vaultmoat resolve`.

import { resolutionInMarkdown } from '../reports/access.js';
import type { Resolution } from '../types.js';
import { type Colors, terminalSafe } from './output.js';
import { notes, stepText } from './steps.js';

export const printer = {
  about: "Shows what a vault's name resolves to for a caller: name by name, zone by zone.",
  usage: '--from CALLER [--vault NAME]',
  text,
  markdown: resolutionInMarkdown,
};

function text(resolution: Resolution, colors: Colors, withFacts: boolean): string {
  const { name, from, chain, answer, steps, dependsOn, assumed } = resolution;
  const result = `${answer.kind}${answer.address === null ? '' : ` (${answer.address})`}`;
  return [
    `${colors.bold(terminalSafe(`${name} as ${from} sees it`))}: ${terminalSafe(result)}\n\n`,
    ...chain.map((hop) => `  ${terminalSafe(`${hop.name}  ${hop.type}  ${hop.value}`)}\n`),
    chain.length > 0 ? '\n' : '',
    ...steps.map((step) => stepText(step, withFacts, colors)),
    notes('Depends on', dependsOn, colors),
    notes('Assumes the defaults of', assumed, colors),
  ].join('');
}
