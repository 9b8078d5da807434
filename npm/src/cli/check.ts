// `vaultmoat check`.

import { createEngine } from '../node.js';
import type { ControlsReport, Diagnostic, Report } from '../types.js';
import type { Checking, Output } from './arguments.js';
import { type Checked, type CheckReport, reaches } from './checked.js';
import { colorsFor, counted, json, print, type Replacement, replaceFiles } from './output.js';
import { repositoryRoot } from './places.js';
import { type LoadedAll as Loaded, loadAll } from './workspace.js';

/** Whether there are findings at or above the severity that fails; with `--diff`, whether anything would change. */
export async function check(options: Checking): Promise<boolean> {
  const engine = await createEngine();
  const { baseline, writeBaseline, quiet } = options;
  const baselines = (baseline ?? writeBaseline) === undefined ? undefined : await import('./baseline.js');
  const old = baseline === undefined ? undefined : baselines?.readBaseline(baseline);
  const loaded = await loadAll(engine, options);
  const failOn = (found: Diagnostic) => options.failOn ?? loaded.failOn(found);
  if (options.diff) return showDiff(loaded, options);
  const files: Replacement[] = [];
  const fixed = options.fix === undefined ? undefined : await fix(loaded, options, files);
  const found = loaded.project.check();
  const rules = engine.rules();
  const { profile = 'recommended' } = options.project;
  const root = repositoryRoot();

  let report = found;
  let known: Checked['known'];
  let note = '';
  if (old !== undefined && baselines !== undefined) {
    const comparison = baselines.compare(old, found, profile, root);
    known = comparison.known;
    note = baselines.staleness(comparison.gone, old.path);
  } else if (writeBaseline !== undefined && baselines !== undefined) {
    known = new Set(found.diagnostics);
    files.push({ path: writeBaseline, content: baselines.baselineOf(found, profile, root) });
  }
  if (known !== undefined && baselines !== undefined) report = baselines.without(found, known);

  const { texts } = loaded;
  const controls = options.controls ? loaded.project.controls() : undefined;
  const checked = {
    report,
    controls,
    suppressed: options.suppressed,
    all: found.diagnostics,
    known,
    texts,
    fixed,
    quiet,
    failOn,
    rules,
    version: engine.version,
    root,
  };
  const shown = await Promise.all(
    options.outputs.map(async (output) => ({ ...output, content: await inFormat(output, checked) })),
  );
  // Every file, or none.
  for (const { output, content } of shown) if (output !== undefined) files.push({ path: output, content });
  replaceFiles(files);
  // The fixed text of standard input goes to standard output, so that an editor can take it.
  const isEditing = fixed !== undefined && readsStandardInput(options);
  if (isEditing) process.stdout.write([...texts.values()][0] ?? '');
  for (const { output, content } of shown) if (output === undefined) (isEditing ? process.stderr : process.stdout).write(content);
  if (!quiet) process.stderr.write(note);
  return report.diagnostics.some((found) => reaches(found.severity, failOn(found)));
}

async function inFormat(output: Output, checked: Checked): Promise<string> {
  switch (output.format) {
    case 'text':
      return (await import('./text.js')).text(checked, colorsFor(output));
    case 'json':
      return json(withExtras(checked));
    case 'sarif':
      return (await import('./sarif.js')).sarif(checked);
    case 'junit':
      return (await import('./junit.js')).junit(checked);
    case 'github':
      return (await import('./annotations.js')).github(checked);
    case 'azure-pipelines':
      return (await import('./annotations.js')).azurePipelines(checked);
    case 'markdown':
      return (await import('./summary.js')).summary(checked);
  }
}

function withExtras({ report, known, controls }: Checked): CheckReport {
  return {
    ...report,
    ...(known === undefined ? {} : { summary: { ...report.summary, known: known.size } }),
    ...(controls === undefined ? {} : extrasOf(controls)),
  };
}

function extrasOf({ controls, requirements, vaultsLeftOut }: ControlsReport): Partial<CheckReport> {
  return { controls, requirements, vaultsWithoutControls: vaultsLeftOut };
}

/** How many findings went away. What is to be written for it goes to `files`. */
async function fix(loaded: Loaded, options: Checking, files: Replacement[]): Promise<number> {
  const { fixTexts, replacements } = await import('./fix.js');
  const before = loaded.project.check();
  const changes = fixTexts(loaded, options.fix ?? 'safe');
  if (!readsStandardInput(options)) files.push(...replacements(changes, loaded.asked));
  return gone(before, loaded.project.check());
}

async function showDiff(loaded: Loaded, options: Checking): Promise<boolean> {
  const { diff, fixTexts } = await import('./fix.js');
  const before = loaded.project.check();
  const changes = fixTexts(loaded, options.fix ?? 'safe');
  const [output = { format: 'text', output: undefined }] = options.outputs;
  print(diff(changes, colorsFor(output)), output);
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
