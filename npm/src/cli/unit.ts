// One unit, checked. The same code runs beside the command line and in its threads.

import type { FixOptions } from '../engine.js';
import { type Engine, EngineCrash } from '../engine.js';
import type { ControlsReport, FileEdits, Report } from '../types.js';
import { InputError, type Inputs } from './arguments.js';
import type { Config } from '../config/config.js';
import { type Asked, read } from './inputs.js';

/** What is the same for every unit of a run, as plain data. */
export interface Setup {
  readonly options: Inputs;
  /** Which fixes are looked for; none when undefined. */
  readonly fix: FixOptions | undefined;
  readonly controls: boolean;
}

/** A unit, as plain data. */
export interface Unit {
  readonly asked: readonly Asked[];
  readonly config: Pick<Config, 'path' | 'text' | 'project'> | undefined;
  /** Texts that are not any more as in their files. */
  readonly edited: ReadonlyMap<string, string>;
}

/** What there is to say of a unit, as plain data. */
export interface Result {
  readonly report: Report;
  readonly edits: readonly FileEdits[];
  readonly controls: ControlsReport | undefined;
  /** What was read along with the unit. */
  readonly references: ReadonlyMap<string, string>;
  /** Files and folders that were looked for, whether they are there or not. */
  readonly lookedFor: ReadonlySet<string>;
}

/** Checks a unit. A crash of the engine is told with the unit that it happened in. */
export async function checkUnit(engine: Engine, { options, fix, controls }: Setup, unit: Unit): Promise<Result> {
  try {
    const { project, report, texts, asked, lookedFor } = await read(engine, options, unit.config, unit.asked, unit.edited);
    try {
      const isMendable = fix !== undefined && report.diagnostics.some(({ fixes }) => fixes.length > 0);
      return {
        report,
        edits: isMendable ? project.fix(fix) : [],
        controls: controls ? project.controls() : undefined,
        references: new Map([...texts].filter(([path]) => !asked.has(path))),
        lookedFor,
      };
    } finally {
      project.dispose();
    }
  } catch (error) {
    if (!(error instanceof EngineCrash)) throw error;
    throw new InputError(`${nameOf(unit)}: ${error.message}, which is a defect of vaultmoat`);
  }
}

/** What a unit is called in a message. */
export function nameOf({ asked }: Unit): string {
  return asked[0]?.path ?? '.';
}
