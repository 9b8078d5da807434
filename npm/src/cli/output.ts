// Where results go.

import colors from 'picocolors';
import { replaceFiles } from './replace.js';

export { json, jsonLine, terminalSafe } from '../reports/safe.js';

export type Colors = ReturnType<typeof colors.createColors>;

/** Colours for what `print` is about to show: never in files and JSON. */
export function colorsFor({ format, output }: { format: string; output: string | undefined }): Colors {
  return colors.createColors(format === 'text' && output === undefined && wantsColor());
}

function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && TERM !== 'dumb';
}

/** Prints the whole result, or puts it in a file that is either complete or not there. */
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
