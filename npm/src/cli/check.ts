// `vaultmoat check`.

import { createEngine } from '../node.js';
import type { Report, Severity } from '../types.js';
import type { Checking } from './arguments.js';
import { type LoadedAll as Loaded, loadAll } from './workspace.js';
import { colorsFor, counted, json, print } from './output.js';
import { text } from './text.js';

const RANK: Record<Severity | 'never', number> = { info: 0, warning: 1, error: 2, never: 3 };

/** Whether there are findings at or above the severity that fails; with `--diff`, whether anything would change. */
export async function check(options: Checking): Promise<boolean> {
  const loaded = await loadAll(await createEngine(), options);
  if (options.diff) return showDiff(loaded, options);
  const fixed = options.fix === undefined ? undefined : await fix(loaded, options);
  const report = loaded.project.check();
  const shown = options.format === 'json' ? json(report) : text(report, loaded.texts, colorsFor(options), options.quiet, fixed);
  // The fixed text of standard input goes to standard output, so that an editor can take it.
  if (fixed !== undefined && readsStandardInput(options)) {
    process.stdout.write([...loaded.texts.values()][0] ?? '');
    if (options.output === undefined) process.stderr.write(shown);
    else print(shown, options);
  } else {
    print(shown, options);
  }
  return report.diagnostics.some((found) => RANK[found.severity] >= RANK[options.failOn ?? loaded.failOn(found)]);
}

/** How many findings went away. */
async function fix(loaded: Loaded, options: Checking): Promise<number> {
  const { fixTexts, writeTexts } = await import('./fix.js');
  const before = loaded.project.check();
  const changes = fixTexts(loaded, options.fix ?? 'safe');
  if (!readsStandardInput(options)) writeTexts(changes, loaded.asked);
  return gone(before, loaded.project.check());
}

async function showDiff(loaded: Loaded, options: Checking): Promise<boolean> {
  const { diff, fixTexts } = await import('./fix.js');
  const before = loaded.project.check();
  const changes = fixTexts(loaded, options.fix ?? 'safe');
  print(diff(changes, colorsFor(options)), options);
  if (!options.quiet) {
    const count = counted(gone(before, loaded.project.check()), 'finding');
    const files = counted(changes.length, 'file');
    process.stderr.write(changes.length > 0 ? `would mend ${count} in ${files}\n` : 'nothing to fix\n');
  }
  return changes.length > 0 && (options.failOn ?? loaded.failOn()) !== 'never';
}

function gone(before: Report, after: Report): number {
  return Math.max(0, before.diagnostics.length - after.diagnostics.length);
}

function readsStandardInput({ paths }: Checking): boolean {
  return paths.includes('-');
}
