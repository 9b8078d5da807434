// `vaultmoat check --fix` and `--diff`.

import { FILE_HEADERS_ONLY, createTwoFilesPatch } from 'diff';
import type { Encoding } from '../files/content.js';
import { type Colors, terminalSafe } from './output.js';
import type { Replacement } from './replace.js';

/** A text before and after its fixes. */
export interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** The fixed texts in the encoding of their files. */
export function replacements(changes: readonly Change[], asked: ReadonlyMap<string, Encoding>): Replacement[] {
  return changes.map(({ path, before, after }) => {
    const encoding = asked.get(path);
    return { path, content: encoded(after, encoding), before: encoded(before, encoding) };
  });
}

function encoded(text: string, { encoding, hasMark }: Encoding = { encoding: 'utf-8', hasMark: false }): Buffer {
  const marked = hasMark ? `\ufeff${text}` : text;
  return encoding === 'utf-16be' ? Buffer.from(marked, 'utf-16le').swap16() : Buffer.from(marked, encoding);
}

/** The changes as one unified diff for `patch -p0`; for a terminal, without control characters. */
export function diff(changes: readonly Change[], colors: Colors, isShown: boolean): string {
  const patches = changes.map(({ path, before, after }) =>
    createTwoFilesPatch(path, path, before, after, undefined, undefined, {
      context: 3,
      headerOptions: FILE_HEADERS_ONLY,
    }),
  );
  if (!isShown && !colors.isColorSupported) return patches.join('');
  const paint = (line: string) => {
    if (/^(---|\+\+\+) /.test(line)) return colors.bold(line);
    if (line.startsWith('@@')) return colors.cyan(line);
    return line.startsWith('+') ? colors.green(line) : line.startsWith('-') ? colors.red(line) : line;
  };
  return patches.join('').split('\n').map(terminalSafe).map(paint).join('\n');
}
