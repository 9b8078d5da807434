// Where results go.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import colors from 'picocolors';
import { InputError, type Printing } from './arguments.js';

export type Colors = ReturnType<typeof colors.createColors>;

/** Colours for what `print` is about to show: never in files and JSON. */
export function colorsFor({ format, output }: Printing): Colors {
  return colors.createColors(format === 'text' && output === undefined && wantsColor());
}

function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && TERM !== 'dumb';
}

/** Prints the whole result, or puts it in a file that is either complete or not there. */
export function print(text: string, { output }: Printing): void {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  const unfinished = join(dirname(output), `.${basename(output)}.${process.pid}.tmp`);
  try {
    writeFileSync(unfinished, text, { flag: 'wx' });
    renameSync(unfinished, output);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new InputError(`${output}: cannot be written: ${(error as Error).message}`);
  }
}

export function json(result: unknown): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
