// Reads files as text.

import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { InputError } from './error.js';

/** Far above Azure's own limit of 4 MB for a template. */
export const LARGEST = 20 * 1024 * 1024;

/** How many bytes of a file are enough to identify it. */
export const ENOUGH = 64 * 1024;

/** The encoding of a text in its file. */
export interface Encoding {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly hasMark: boolean;
}

/** The text of a file; with a problem, only its beginning, which identifies it. */
export interface Content extends Encoding {
  readonly text: string;
  /** Whether it is not text, or text in an unsupported encoding. */
  readonly isBinary: boolean;
  readonly problem?: string;
}

export function readContent(path: string): Content {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const status = fstatSync(file);
    if (status.isFile() && status.size > LARGEST) return tooLarge(start(file, ENOUGH));
    // A file in /proc has a size of 0 and may never end: read no more than its size. A pipe has no size.
    const bytes = start(file, status.isFile() ? status.size : LARGEST + 1);
    return bytes.length <= LARGEST ? decoded(bytes) : tooLarge(bytes.subarray(0, ENOUGH));
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The files that are checked, by device and inode. */
const inputs = new Set<string>();

/** Notes a file that is checked; `isInput` then knows it by each of its names. */
export function addInput(path: string): void {
  const id = identity(path);
  if (id !== undefined) inputs.add(id);
}

/** Whether a path leads to a file that is checked. */
export function isInput(path: string): boolean {
  return inputs.has(identity(path) ?? '');
}

function identity(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found?.isFile() === true ? `${found.dev}:${found.ino}` : undefined;
}

export function beginning(path: string, size: number): Buffer {
  const file = openSync(path, 'r');
  try {
    return start(file, Math.min(size, fstatSync(file).size));
  } finally {
    closeSync(file);
  }
}

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

/** The text of a regular file that is small enough. A pipe would block. */
export function smallFile(path: string): string | undefined {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= LARGEST ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is a regular file; false also for a path that the system does not accept. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The content of a file that is too large: its beginning, which identifies it. */
export function tooLarge(start: Buffer): Content {
  return { ...decoded(start), problem: `larger than ${LARGEST / 1024 / 1024} MB` };
}

/** Whether bytes begin with the byte order mark of UTF-16, which that of UTF-32 begins with too. */
export function hasUtf16Mark(bytes: Buffer): boolean {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  return (isLittle && !(bytes[2] === 0 && bytes[3] === 0)) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

export function decoded(bytes: Buffer): Content {
  // Windows PowerShell's `>` writes UTF-16.
  const encoding = !hasUtf16Mark(bytes) ? 'utf-8' : bytes[0] === 0xff ? 'utf-16le' : 'utf-16be';
  const hasMark = encoding !== 'utf-8' || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
  // git's rule for binary files.
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
    ELOOP: 'a symbolic link to itself',
    ENAMETOOLONG: 'the path is longer than the system allows',
  };
  const shown = path.length > 400 ? `${path.slice(0, 200)}…${path.slice(-200)}` : path;
  return new InputError(`${shown}: ${(code && reasons[code]) ?? message}`);
}
