// `vaultmoat check`.

import type { Engine } from '../engine.js';
import { createEngine } from '../node.js';
import type { ControlsReport, Diagnostic, Report } from '../types.js';
import type { Checking, Output } from './arguments.js';
import { type Checked, type CheckReport, reaches } from './checked.js';
import { colorsFor, counted, json, print } from './output.js';
import type { Memory } from './memory.js';
import { type Replacement, replaceFiles } from './replace.js';
import { repositoryRoot } from './places.js';
import { type CheckedAll, checkAll } from './workspace.js';

/** What runs of `--watch` share. */
export interface Again {
  readonly engine: Engine;
  readonly memory: Memory;
  /** Called before anything is printed. */
  readonly ready: () => void;
}

/** Runs `check`. Returns whether findings reach the severity that fails; with `--diff`, whether a file would change. */
export async function check(options: Checking, again?: Again): Promise<boolean> {
  const engine = again?.engine ?? (await createEngine());
  const { baseline, writeBaseline, quiet } = options;
  const baselines = (baseline ?? writeBaseline) === undefined ? undefined : await import('./baseline.js');
  const old = baseline === undefined ? undefined : baselines?.readBaseline(baseline);
  const run = await checkAll(engine, options, again?.memory);
  const failOn = (found: Diagnostic) => options.failOn ?? run.failOn(found);
  if (options.diff) return showDiff(run, options);
  const files: Replacement[] = [];
  const fixed = options.fix === undefined ? undefined : await fix(run, options, files);
  const { report: found, texts, controls } = run;
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

  const checked = {
    report,
    controls,
    suppressed: options.suppressed,
    notes: options.notes,
    undecided: options.undecided,
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
  for (const { output, content } of shown) if (output !== undefined) files.push({ path: output, content });
  await replaceFiles(files);
  again?.ready();
  // An editor pipes its buffer in, and takes the fixed text from standard output.
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

/** Returns how many findings were fixed, and adds the changed files to `files`. */
async function fix({ changes, asked, before, report }: CheckedAll, options: Checking, files: Replacement[]): Promise<number> {
  const { replacements } = await import('./fix.js');
  if (!readsStandardInput(options)) files.push(...replacements(changes, asked));
  return gone(before, report);
}

async function showDiff({ changes, before, report, failOn }: CheckedAll, options: Checking): Promise<boolean> {
  const { diff } = await import('./fix.js');
  const [output = { format: 'text', output: undefined }] = options.outputs;
  await print(diff(changes, colorsFor(output), output.output === undefined && process.stdout.isTTY), output);
  if (!options.quiet) {
    const count = counted(gone(before, report), 'finding');
    const files = counted(changes.length, 'file');
    process.stderr.write(changes.length > 0 ? `would fix ${count} in ${files}\n` : 'nothing to fix\n');
  }
  return changes.length > 0 && (options.failOn ?? failOn()) !== 'never';
}

function gone(before: Report, after: Report): number {
  return Math.max(0, before.diagnostics.length - after.diagnostics.length);
}

function readsStandardInput({ paths }: Checking): boolean {
  return paths.includes('-');
}
