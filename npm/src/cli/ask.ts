// The commands that print the answer to one question.

import { EngineCrash } from '../engine.js';
import { createEngine } from '../node.js';
import { TAKES } from '../questions.js';
import { type Asking, type Plain, UsageError } from './arguments.js';
import { load } from './inputs.js';
import { type Colors, colorsFor, json, print } from './output.js';
import { PRINTERS } from './questions.js';

/** How a command prints a report, and what its help says. */
export interface Printer<Report> {
  /** The first paragraph of the help. */
  readonly about: string;
  /** The options that the command needs, as its usage says it. */
  readonly usage?: string;
  /** Options of the command alone, as lines of the help. */
  readonly options?: string;
  /** `facts`: whether the numbers of facts are printed. */
  text(report: Report, colors: Colors, facts: boolean): string;
  /** A command about one vault has this format, too. */
  markdown?(report: Report, facts: boolean): string;
}

/** Asks the question, and prints the answer. */
export async function ask(question: Plain, options: Asking): Promise<void> {
  const { project } = await load(await createEngine(), options);
  const { vault, from, facts, format } = options;
  const given = { '': undefined, vault: { vault }, 'vault, from': { vault, from } }[TAKES[question]];
  const report = answered(() => (project[question] as (given: unknown) => unknown).call(project, given));
  const printer = (await PRINTERS[question]()) as Printer<unknown>;
  const texts = {
    json: () => json(report),
    markdown: () => printer.markdown?.(report, facts) ?? '',
    text: () => printer.text(report, colorsFor(options), facts),
  };
  await print(texts[format](), options);
}

/** Turns the engine's error for an unknown vault or caller into a usage error. */
function answered<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    if (error instanceof EngineCrash) throw error;
    throw new UsageError((error as Error).message);
  }
}
