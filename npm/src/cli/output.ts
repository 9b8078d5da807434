// Prints results.

import colors from 'picocolors';
import { replaceFiles } from './replace.js';

export { json, jsonLine, terminalSafe } from '../reports/safe.js';

export type Colors = ReturnType<typeof colors.createColors>;

/** Colours for `print`; none for files and JSON. */
export function colorsFor({ format, output }: { format: string; output: string | undefined }): Colors {
  return colors.createColors(format === 'text' && output === undefined && wantsColor());
}

function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && TERM !== 'dumb';
}

/** Writes the result to standard output, or to a file that is complete once it exists. */
export async function print(text: string, { output }: { output: string | undefined }): Promise<void> {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  await replaceFiles([{ path: output, content: text }]);
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
