// What is checked in one run: a project for each configuration, side by side, and one report.

import type { Engine, Project } from '../engine.js';
import type { ControlsReport, Diagnostic, Position, Report, Severity, Undecided } from '../types.js';
import type { Inputs } from './arguments.js';
import type { Config } from './config.js';
import type { Fixable } from './fix.js';
import type { IsTouched } from './changed.js';
import { parametersOf } from '../gather.js';
import { type Asked, Configs, folderOf, gather, type Loaded, read } from './inputs.js';
import { Progress } from './progress.js';

/** Everything that is checked, as if it were one project. */
export interface LoadedAll extends Fixable {
  readonly project: Pick<Project, 'check' | 'controls' | 'fix' | 'set'>;
  /** What fails for a finding, or for the run, as its configuration says. */
  readonly failOn: (found?: Diagnostic) => Severity | 'never';
}

/** What one configuration is about. */
interface Group {
  readonly config: Config | undefined;
  asked: Asked[];
}

/** One project of the run. */
interface Part extends Loaded {
  readonly config: Config | undefined;
}

/** Reads what was asked for. Each file is checked with the nearest configuration above it. */
export async function loadAll(engine: Engine, options: Inputs): Promise<LoadedAll> {
  const progress = new Progress(options.quiet);
  const configs = new Configs(engine, options);
  const groups = new Map<string, Group>();
  const groupOf = async (folder: string): Promise<Group> => {
    const config = await configs.of(folder);
    const key = config?.path ?? '';
    const group = groups.get(key) ?? { config, asked: [] };
    groups.set(key, group);
    return group;
  };
  // A folder without a file of its own has a configuration all the same.
  for (const path of options.paths) await groupOf(folderOf(path, options));
  const asked = await gather(engine, options, (folder) => configs.of(folder), progress);
  for (const one of asked) {
    const folder = options.project.together === true ? folderOf(options.paths[0] ?? '.', options) : one.folder;
    (await groupOf(folder)).asked.push(one);
  }
  if (options.changedSince !== undefined) {
    const { changedSince } = await import('./changed.js');
    const isTouched = changedSince(options.changedSince);
    for (const group of groups.values()) group.asked = await touched(engine, options, group, isTouched, progress);
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  const load = async ({ config, asked }: Group): Promise<Part> => ({
    ...(await read(engine, options, config, asked, progress)),
    config,
  });
  const parts: Part[] = [];
  for (const group of sorted) parts.push(await load(group));
  // What is part of a unit elsewhere is checked there, with the configuration of that unit.
  for (const [at, { config, asked }] of sorted.entries()) {
    const others = parts.filter((_, other) => other !== at);
    const isElsewhere = ({ path }: Asked) => others.some(({ texts, asked }) => texts.has(path) && !asked.has(path));
    const own = asked.filter((one) => !isElsewhere(one));
    if (own.length < asked.length) parts[at] = await load({ config, asked: own });
  }
  progress.done();
  const texts = new Map(parts.flatMap(({ texts }) => [...texts]));
  const encodings = new Map([
    ...parts.flatMap(({ asked }) => [...asked]),
    ...asked.map(({ path, content }) => [path, content] as const),
  ]);
  return together(parts, texts, encodings);
}

/** What of a group is touched: by a change of it, of what stands beside it, or of what it refers to. */
async function touched(
  engine: Engine,
  options: Inputs,
  { config, asked }: Group,
  isTouched: IsTouched,
  progress: Progress,
): Promise<Asked[]> {
  const isChanged = async (units: readonly Asked[]): Promise<boolean> => {
    const { project, texts } = await read(engine, options, config, units, progress);
    const gone = [...project.check().missing, ...units.flatMap(({ path }) => parametersOf(path))];
    project.dispose();
    return isTouched([...texts.keys(), ...gone, ...(config === undefined ? [] : [config.path])]);
  };
  const isTogether = options.project.together ?? config?.project.together ?? false;
  if (isTogether) return (await isChanged(asked)) ? asked : [];
  // All that Azure prints is one environment.
  const isExport = ({ path, content }: Asked) => engine.identify(path, content.text) === 'azure-json';
  const exports = new Set(asked.filter(isExport));
  const hasChanged = exports.size > 0 && (await isChanged([...exports]));
  const found: Asked[] = [];
  for (const one of asked) if (exports.has(one) ? hasChanged : await isChanged([one])) found.push(one);
  return found;
}

function together(parts: readonly Part[], texts: Loaded['texts'], asked: Loaded['asked']): LoadedAll {
  const failing = new WeakMap<Diagnostic, Severity | 'never'>();
  const check = (): Report => {
    const reports = parts.map(({ project, config }) => {
      const report = project.check();
      for (const found of report.diagnostics) failing.set(found, config?.failOn ?? 'warning');
      return report;
    });
    return reports.length === 1 ? (reports[0] as Report) : merged(reports);
  };
  const controls = (): ControlsReport => {
    const reports = parts.map(({ project }) => project.controls());
    // A module may be part of several projects.
    const controls = new Map(reports.flatMap(({ controls }) => controls).map((one) => [JSON.stringify(one), one]));
    return {
      version: reports[0]?.version ?? 1,
      controls: [...controls.values()],
      vaultsLeftOut: reports.reduce((sum, { vaultsLeftOut }) => sum + vaultsLeftOut, 0),
    };
  };
  const fix: Project['fix'] = (options) => {
    const seen = new Set<string>();
    const all = parts.flatMap(({ project }) => project.fix(options));
    return all.filter(({ file }) => !seen.has(file) && seen.add(file));
  };
  const set = (path: string, text: string): void => {
    for (const part of parts) {
      if (!part.texts.has(path)) continue;
      part.texts.set(path, text);
      part.project.set(path, text);
    }
  };
  const ofRun = parts.map(({ config }) => config?.failOn ?? 'warning');
  const failOn = (found?: Diagnostic) =>
    (found && failing.get(found)) ?? ofRun.find((severity) => severity !== 'never') ?? 'never';
  return { project: { check, controls, fix, set }, texts, asked, failOn };
}

/** One report of several, in the order that the engine gives one. */
export function merged(reports: readonly Report[]): Report {
  const diagnostics = unique(reports.flatMap(({ diagnostics }) => diagnostics).sort(byFinding), (a, b) => byFinding(a, b) === 0);
  const undecided = unique(reports.flatMap(({ undecided }) => undecided).sort(byQuestion), (a, b) => byQuestion(a, b) === 0);
  const files = new Map<string, Report['files'][number]>();
  for (const file of reports.flatMap(({ files }) => files)) {
    const resources = file.resources + (files.get(file.path)?.resources ?? 0);
    files.set(file.path, { ...file, resources });
  }
  const sum = (of: (summary: Report['summary']) => number) => reports.reduce((sum, { summary }) => sum + of(summary), 0);
  const count = (severity: Severity) => diagnostics.filter((found) => found.severity === severity).length;
  return {
    version: reports[0]?.version ?? 1,
    summary: {
      files: files.size,
      resources: sum(({ resources }) => resources),
      vaults: sum(({ vaults }) => vaults),
      errors: count('error'),
      warnings: count('warning'),
      infos: count('info'),
      undecided: undecided.length,
    },
    files: [...files.values()].sort((a, b) => byText(a.path, b.path)),
    diagnostics,
    undecided,
    missing: [...new Set(reports.flatMap(({ missing }) => missing))].sort(byText),
  };
}

/** The order of the engine's texts: by their bytes. */
function byText(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function byPosition(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character || a.offset - b.offset;
}

function byFinding(a: Diagnostic, b: Diagnostic): number {
  return (
    byText(a.file, b.file) ||
    byPosition(a.range.start, b.range.start) ||
    byPosition(a.range.end, b.range.end) ||
    byText(a.rule, b.rule) ||
    byText(a.message, b.message) ||
    byText(JSON.stringify(a.related), JSON.stringify(b.related))
  );
}

function byQuestion(a: Undecided, b: Undecided): number {
  const key = ({ rule, resource, reason, dependsOn }: Undecided) =>
    [rule, resource?.type ?? '', resource?.name ?? '', resource?.address ?? '', reason, ...dependsOn].join('\0');
  return byText(key(a), key(b));
}

/** Sorted items, each once. */
function unique<T>(items: readonly T[], isSame: (a: T, b: T) => boolean): T[] {
  return items.filter((item, at) => at === 0 || !isSame(items[at - 1] as T, item));
}
