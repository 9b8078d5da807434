// Checks one unit, in the main thread or a worker.

import type { FixOptions } from '../engine.js';
import { type Engine, EngineCrash } from '../engine.js';
import type { ControlsReport, FileEdits, Report } from '../types.js';
import type { Inputs } from './arguments.js';
import { InputError } from '../files/error.js';
import type { Config } from '../config/config.js';
import { type Asked, read } from './inputs.js';

/** What all units of a run share, as plain data for `postMessage`. */
export interface Setup {
  readonly options: Inputs;
  /** The fixes to compute; undefined for none. */
  readonly fix: FixOptions | undefined;
  readonly controls: boolean;
}

/** Files that are checked as one project, as plain data for `postMessage`. */
export interface Unit {
  readonly asked: readonly Asked[];
  readonly config: Pick<Config, 'path' | 'text' | 'project'> | undefined;
  /** Texts that replace those of their files. */
  readonly edited: ReadonlyMap<string, string>;
}

/** The result of checking a unit, as plain data for `postMessage`. */
export interface Result {
  readonly report: Report;
  readonly edits: readonly FileEdits[];
  readonly controls: ControlsReport | undefined;
  /** Texts that were read as references, by path. */
  readonly references: ReadonlyMap<string, string>;
  /** Files and folders that the result depends on, whether they exist or not. */
  readonly lookedFor: ReadonlySet<string>;
  /** The files that were read besides those of the unit. */
  readonly besides: ReadonlySet<string>;
}

/** Checks a unit. An engine crash becomes an error that names the unit. */
export async function checkUnit(engine: Engine, { options, fix, controls }: Setup, unit: Unit): Promise<Result> {
  try {
    const loaded = await read(engine, options, unit.config, unit.asked, unit.edited);
    const { project, report, texts, asked, lookedFor, besides } = loaded;
    try {
      const isFixable = fix !== undefined && report.diagnostics.some(({ fixes }) => fixes.length > 0);
      return {
        report,
        edits: isFixable ? project.fix(fix) : [],
        controls: controls ? project.controls() : undefined,
        references: new Map([...texts].filter(([path]) => !asked.has(path))),
        lookedFor,
        besides,
      };
    } finally {
      project.dispose();
    }
  } catch (error) {
    if (!(error instanceof EngineCrash)) throw error;
    throw new InputError(`${nameOf(unit)}: ${error.message}, which is a bug in vaultmoat`);
  }
}

/** The name of a unit in messages: its first file. */
export function nameOf({ asked }: Unit): string {
  return asked[0]?.path ?? '.';
}
