// Checks all files of a run in units, each with its configuration, and merges the reports.

import type { Config } from '../config/config.js';
import type { Engine } from '../engine.js';
import type { ControlsReport, Diagnostic, FileEdits, Position, Report, Severity, Skipped, Undecided } from '../types.js';
import type { Checking, Inputs } from './arguments.js';
import type { Encoding } from '../files/content.js';
import type { Change } from './fix.js';
import type { IsTouched } from './changed.js';
import { parametersOf } from '../gather.js';
import type { Memory } from './memory.js';
import { type Asked, Configs, folderOf, gather, read, refuseUndeclared, shown } from './inputs.js';
import { Progress } from './progress.js';
import { checkUnits } from './threads.js';
import type { Result, Setup, Unit } from './unit.js';
import { unitsOf } from './units.js';

export interface CheckedAll {
  readonly report: Report;
  /** The report before fixes. */
  readonly before: Report;
  readonly controls: ControlsReport | undefined;
  /** The files that fixes change. */
  readonly changes: readonly Change[];
  /** The texts after fixes, by their path in reports. */
  readonly texts: ReadonlyMap<string, string>;
  /** The encodings of the files on the command line. */
  readonly asked: ReadonlyMap<string, Encoding>;
  /** The configured severity that fails, for a finding or for the run. */
  readonly failOn: (found?: Diagnostic) => Severity | 'never';
}

/** The files of one configuration. */
interface Group {
  readonly config: Config | undefined;
  asked: Asked[];
}

interface Part extends Unit {
  readonly config: Config | undefined;
}

type Done = Part & Result;

/** Reads and checks the paths of the command line. Each file is checked with the nearest configuration above it. */
export async function checkAll(engine: Engine, options: Checking, memory?: Memory): Promise<CheckedAll> {
  const progress = new Progress(options.quiet);
  const { groups, skipped } = await grouped(engine, options, progress, memory);
  // With shared modules, fixes and controls would occur twice.
  const mayShare = options.fix === undefined && !options.controls;
  const parts = groups.flatMap(({ config, asked }) => {
    const isWhole = (options.project.together ?? config?.project.together ?? false) || options.parameters.length > 0;
    return unitsOf(asked, { isWhole, mayShare }).map((asked): Part => ({ asked, config, edited: NOTHING }));
  });
  const setup: Setup = {
    options: plain(options),
    fix: options.fix === undefined ? undefined : { unsafe: options.fix === 'unsafe' },
    controls: options.controls,
  };
  const check = async (parts: readonly Part[]): Promise<Done[]> => {
    const units = parts.map(unitOf);
    const known = units.map((unit) => memory?.recall(unit));
    const results = (
      await checkUnits(
        engine,
        setup,
        units.filter((_, at) => known[at] === undefined),
        { jobs: options.jobs, progress },
      )
    ).values();
    const next = () => results.next().value as Result;
    return parts.map((part, at) => {
      const result = known[at] ?? next();
      memory?.keep(unitOf(part), result);
      return { ...part, ...result };
    });
  };

  let done = await check(parts);
  // A file that another unit refers to is checked there, with the configuration of that unit.
  const references = new Set(done.flatMap(({ references }) => [...references.keys()]));
  const isOwn = ({ path }: Asked) => !references.has(path);
  const [whole, others] = [done.filter(({ asked }) => asked.every(isOwn)), done.filter(({ asked }) => !asked.every(isOwn))];
  const smaller = others.map((part) => ({ ...part, asked: part.asked.filter(isOwn) })).filter(({ asked }) => asked.length > 0);
  done = [...whole, ...(await check(smaller))];
  // Check also modules that no unit used, and configurations without a unit.
  const seen = new Set(done.flatMap(({ asked, references }) => [...asked.map(({ path }) => path), ...references.keys()]));
  const left = groups.flatMap(({ config, asked }) => {
    const unseen = asked.filter(({ path }) => !seen.has(path));
    if (unseen.length === 0 && done.some((part) => part.config === config)) return [];
    return unitsOf(unseen, { isWhole: false, mayShare: false }).map((asked): Part => ({ asked, config, edited: NOTHING }));
  });
  done = inOrder([...done, ...(await check(left))], groups);
  if (done.length > 0) refuseUndeclared(done.map(({ report }) => report));

  const encodings = new Map(groups.flatMap(({ asked }) => asked.map(({ path, content }) => [path, content] as const)));
  const written = new Set([
    ...options.outputs.map(({ output }) => output),
    options.baseline,
    options.writeBaseline,
    options.config,
  ]);
  const own = new Set([...written].flatMap((path) => (path === undefined ? [] : [shown(path)])));
  const notRead = skipped.filter(({ path }) => !seen.has(path) && !own.has(path));
  const before = together(done, notRead);
  const saved = textsOf(done);
  if (options.fix !== undefined) done = await fixed(done, encodings, check);
  progress.done();
  const texts = textsOf(done);
  const changes = [...encodings.keys()].map((path) => ({ path, before: saved.get(path) ?? '', after: texts.get(path) ?? '' }));
  const failing = new WeakMap<Diagnostic, Severity | 'never'>();
  for (const { report, config } of done) for (const found of report.diagnostics) failing.set(found, config?.failOn ?? 'warning');
  const ofRun = groups.map(({ config }) => config?.failOn ?? 'warning');
  return {
    before,
    report: options.fix === undefined ? before : together(done, notRead),
    controls: options.controls ? controlsOf(done) : undefined,
    changes: changes.filter(({ before, after }) => before !== after),
    texts,
    asked: encodings,
    failOn: (found) => (found && failing.get(found)) ?? ofRun.find((severity) => severity !== 'never') ?? 'never',
  };
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** Groups the files by their configuration. */
async function grouped(
  engine: Engine,
  options: Inputs,
  progress: Progress,
  memory?: Memory,
): Promise<{ groups: Group[]; skipped: readonly Skipped[] }> {
  const configs = new Configs(engine, options);
  const groups = new Map<string, Group>();
  const groupOf = async (folder: string): Promise<Group> => {
    const config = await configs.of(folder);
    const key = config?.path ?? '';
    const group = groups.get(key) ?? { config, asked: [] };
    groups.set(key, group);
    return group;
  };
  // A configuration without files is still validated.
  for (const path of options.paths) await groupOf(folderOf(path, options));
  const gathered = await gather(engine, options, (folder) => configs.of(folder), progress, memory);
  const { asked } = gathered;
  let { skipped } = gathered;
  for (const one of asked) {
    const folder = options.project.together === true ? folderOf(options.paths[0] ?? '.', options) : one.folder;
    (await groupOf(folder)).asked.push(one);
  }
  if (options.changedSince !== undefined) {
    const { changedSince } = await import('./changed.js');
    const isTouched = changedSince(options.changedSince);
    for (const group of groups.values()) group.asked = await touched(engine, options, group, isTouched);
    skipped = skipped.filter(({ path }) => isTouched([path]));
  }
  return { groups: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group), skipped };
}

/** The files of a group that changed, or whose parameter files or references did. */
async function touched(engine: Engine, options: Inputs, { config, asked }: Group, isTouched: IsTouched): Promise<Asked[]> {
  const isChanged = async (units: readonly Asked[]): Promise<boolean> => {
    const { project, texts, report } = await read(engine, options, config, units);
    const gone = [...report.missing, ...units.flatMap(({ path }) => parametersOf(path))];
    project.dispose();
    return isTouched([...texts.keys(), ...gone, ...(config === undefined ? [] : [config.path])]);
  };
  const isTogether = options.project.together ?? config?.project.together ?? false;
  if (isTogether) return (await isChanged(asked)) ? asked : [];
  // All exports of Azure are one environment.
  const exports = new Set(asked.filter(({ language }) => language === 'azure-json'));
  const hasChanged = exports.size > 0 && (await isChanged([...exports]));
  const found: Asked[] = [];
  for (const one of asked) if (exports.has(one) ? hasChanged : await isChanged([one])) found.push(one);
  return found;
}

/** Without the members that cannot be sent to a thread. */
function plain({ paths, stdinFilename, parameters, config, mayBeEmpty, changedSince, project, quiet }: Inputs): Inputs {
  return { paths, stdinFilename, parameters, config, mayBeEmpty, changedSince, project, quiet };
}

/** Without the members that cannot be sent to a thread. */
function unitOf({ asked, config, edited }: Part): Unit {
  return { asked, edited, config: config && { path: config.path, text: config.text, project: config.project } };
}

/** Sorts by configuration, and keeps the order of the units of each. */
function inOrder(parts: readonly Done[], groups: readonly Group[]): Done[] {
  return groups.flatMap(({ config }) => parts.filter((part) => part.config === config));
}

function textsOf(parts: readonly Done[]): Map<string, string> {
  return new Map(
    parts.flatMap(({ asked, config, edited, references }) => [
      ...asked.map(({ path, content }) => [path, edited.get(path) ?? content.text] as const),
      ...references,
      // Findings about unused entries quote lines of the configuration.
      ...(config === undefined ? [] : [[config.path, config.text] as const]),
    ]),
  );
}

const MOST_ROUNDS = 10;

/**
 * Fixes in memory until nothing changes. Only files on the command line change; references may belong to another team.
 */
async function fixed(
  parts: readonly Done[],
  asked: ReadonlyMap<string, unknown>,
  check: (parts: readonly Part[]) => Promise<Done[]>,
): Promise<Done[]> {
  let done = [...parts];
  const edited = new Map<string, string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const edits = new Map<string, FileEdits>();
    for (const edit of done.flatMap(({ edits }) => edits)) {
      if (asked.has(edit.file) && !edits.has(edit.file)) edits.set(edit.file, edit);
    }
    if (edits.size === 0) break;
    for (const [file, { text }] of edits) edited.set(file, text);
    const has = ({ asked, references }: Done) =>
      asked.some(({ path }) => edits.has(path)) || [...references.keys()].some((path) => edits.has(path));
    const changed = done.filter(has).map((part) => ({ ...part, edited: new Map(edited) }));
    const again = (await check(changed)).values();
    done = done.map((part) => (has(part) ? (again.next().value as Done) : part));
  }
  return done;
}

/** Merges the reports, with the skipped files of the whole run. */
function together(parts: readonly Done[], skipped: readonly Skipped[]): Report {
  const [first] = parts;
  const one =
    first !== undefined && parts.length === 1 ? first.report : merged(parts.map(({ report, config }) => ({ report, config })));
  return { ...one, skipped: [...skipped].sort((a, b) => byText(a.path, b.path)) };
}

function controlsOf(parts: readonly Done[]): ControlsReport {
  const reports = parts.flatMap(({ controls }) => controls ?? []);
  // A module can be in several units.
  const each = <T>(all: readonly T[]) => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  return {
    version: reports[0]?.version ?? 1,
    controls: each(reports.flatMap(({ controls }) => controls)),
    requirements: each(reports.flatMap(({ requirements }) => requirements)),
    vaultsLeftOut: reports.reduce((sum, { vaultsLeftOut }) => sum + vaultsLeftOut, 0),
  };
}

interface Checked {
  readonly report: Report;
  readonly config: Config | undefined;
}

/** One report of several, in the order of a report of the engine. */
function merged(parts: readonly Checked[]): Report {
  const reports = parts.map(({ report }) => report);
  // A finding that is suppressed in one unit is suppressed: of equal findings the first one stays.
  const all = [...stillUnused(parts), ...reports.flatMap(({ suppressed }) => suppressed)];
  const found = unique(all.sort(byFinding), (a, b) => byFinding(a, b) === 0);
  const diagnostics = found.filter(({ suppression }) => suppression === undefined);
  const suppressed = found.filter(({ suppression }) => suppression !== undefined);
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
      suppressed: suppressed.length,
    },
    files: [...files.values()].sort((a, b) => byText(a.path, b.path)),
    diagnostics,
    suppressed,
    undecided,
    missing: [...new Set(reports.flatMap(({ missing }) => missing))].sort(byText),
    skipped: [],
  };
}

/** All findings, except unused suppressions that another unit uses. */
function stillUnused(parts: readonly Checked[]): Diagnostic[] {
  const key = ({ file, range, message }: Diagnostic) => JSON.stringify([file, range.start.offset, message]);
  const isUnused = ({ rule }: Diagnostic) => rule === 'unused-suppression';
  const times = new Map<string, number>();
  for (const { report } of parts) {
    for (const one of new Set(report.diagnostics.filter(isUnused).map(key))) times.set(one, (times.get(one) ?? 0) + 1);
  }
  const read = new Map<string, number>();
  const ofConfig = new Map<string, number>();
  for (const { report, config } of times.size > 0 ? parts : []) {
    for (const { path } of report.files) read.set(path, (read.get(path) ?? 0) + 1);
    if (config !== undefined) ofConfig.set(config.path, (ofConfig.get(config.path) ?? 0) + 1);
  }
  return parts.flatMap(({ report }) =>
    report.diagnostics.filter(
      (found) => !isUnused(found) || times.get(key(found)) === (ofConfig.get(found.file) ?? read.get(found.file)),
    ),
  );
}

/** The engine sorts texts by their bytes. */
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

/** Removes duplicates from sorted items. */
function unique<T>(items: readonly T[], isSame: (a: T, b: T) => boolean): T[] {
  return items.filter((item, at) => at === 0 || !isSame(items[at - 1] as T, item));
}
