// `vaultmoat check`.

import { createEngine } from '../node.js';
import type { Severity } from '../types.js';
import type { Checking } from './arguments.js';
import { load } from './inputs.js';
import { colorsFor, json, print } from './output.js';
import { text } from './text.js';

const RANK: Record<Severity | 'never', number> = { info: 0, warning: 1, error: 2, never: 3 };

/** Whether there are findings at or above the severity that fails. */
export async function check(options: Checking): Promise<boolean> {
  const { project, texts } = await load(await createEngine(), options);
  const report = project.check();
  print(options.format === 'json' ? json(report) : text(report, texts, colorsFor(options), options.quiet), options);
  return report.diagnostics.some(({ severity }) => RANK[severity] >= RANK[options.failOn]);
}
