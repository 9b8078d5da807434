// What a file says, and how.

import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { InputError } from './arguments.js';

/** Far above Azure's own limit of 4 MB for a template. */
export const LARGEST = 20 * 1024 * 1024;

/** How much of a file tells what it is. */
export const ENOUGH = 64 * 1024;

/** How a text is in its file. */
export interface Encoding {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly hasMark: boolean;
}

/** What a file says; with a problem, only as much of it as tells what it is. */
export interface Content extends Encoding {
  readonly text: string;
  /** Whether it is not text, or text in an encoding that is not read. */
  readonly isBinary: boolean;
  readonly problem?: string;
}

/** Reads a file. */
export function readContent(path: string): Content {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const status = fstatSync(file);
    if (status.isFile() && status.size > LARGEST) return tooLarge(start(file, ENOUGH));
    // No more than it says it has: what the system makes up as it is read, in /proc, has no end. A pipe says nothing.
    const bytes = start(file, status.isFile() ? status.size : LARGEST + 1);
    return bytes.length <= LARGEST ? decoded(bytes) : tooLarge(bytes.subarray(0, ENOUGH));
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The first bytes of the file at a path. */
export function beginning(path: string, size: number): Buffer {
  const file = openSync(path, 'r');
  try {
    return start(file, Math.min(size, fstatSync(file).size));
  } finally {
    closeSync(file);
  }
}

/** The first bytes of a file. */
function start(file: number, size: number): Buffer {
  const chunks: Buffer[] = [];
  for (let left = size; left > 0;) {
    const chunk = Buffer.alloc(Math.min(left, ENOUGH));
    const count = readSync(file, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    left -= count;
  }
  return Buffer.concat(chunks);
}

/** The text of a file that is small enough; of nothing else, so that a pipe in its place is not waited for. */
export function smallFile(path: string): string | undefined {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= LARGEST ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is a file. A path that no file can have is none. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Of a file that is too large, what tells what it is. */
export function tooLarge(start: Buffer): Content {
  return { ...decoded(start), problem: `larger than ${LARGEST / 1024 / 1024} MB` };
}

/** Whether bytes begin with the mark of UTF-16; that of UTF-32 begins with it, too. */
export function hasUtf16Mark(bytes: Buffer): boolean {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  return (isLittle && !(bytes[2] === 0 && bytes[3] === 0)) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** Bytes as text. */
export function decoded(bytes: Buffer): Content {
  // Windows PowerShell's `>` writes UTF-16.
  const encoding = !hasUtf16Mark(bytes) ? 'utf-8' : bytes[0] === 0xff ? 'utf-16le' : 'utf-16be';
  const hasMark = encoding !== 'utf-8' || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
  // As git tells it.
  const isBinary = encoding === 'utf-8' && bytes.subarray(0, 8000).includes(0);
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding, hasMark, isBinary };
  } catch {
    const text = new TextDecoder(encoding).decode(bytes.subarray(0, ENOUGH));
    return { text, encoding, hasMark, isBinary, problem: `not ${encoding.toUpperCase()} text` };
  }
}

/** Why a file cannot be read, in one line. */
export function unreadable(path: string, error: unknown): InputError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'no permission to read it',
    EISDIR: 'a folder, where a file is needed',
    ELOOP: 'a link that leads to itself',
    ENAMETOOLONG: 'its path is longer than the system takes',
  };
  const shown = path.length > 400 ? `${path.slice(0, 200)}…${path.slice(-200)}` : path;
  return new InputError(`${shown}: ${(code && reasons[code]) ?? message}`);
}
