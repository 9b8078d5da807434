// What a file says, and how.

import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { InputError } from './arguments.js';

/** Far above Azure's own limit of 4 MB for a template. */
export const LARGEST = 20 * 1024 * 1024;

/** How much of a file tells what it is. */
export const ENOUGH = 64 * 1024;

/** How a text is in its file. */
export interface Encoding {
  readonly encoding: 'utf-8' | 'utf-16le';
  readonly hasMark: boolean;
}

/** What a file says; with a problem, only as much of it as tells what it is. */
export interface Content extends Encoding {
  readonly text: string;
  /** Whether it is no text at all. */
  readonly isBinary: boolean;
  readonly problem?: string;
}

/** Reads a file. */
export function readContent(path: string): Content {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const status = fstatSync(file);
    // A pipe has no size.
    if (!status.isFile()) return decoded(readFileSync(file));
    if (status.size > LARGEST) return tooLarge(start(file, ENOUGH));
    // No more than it says it has: what the system makes up as it is read, in /proc, has no end.
    return decoded(start(file, status.size));
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The first bytes of a file. */
function start(file: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const count = readSync(file, bytes, at, size - at, null);
    if (count === 0) break;
    at += count;
  }
  return bytes.subarray(0, at);
}

/** Of a file that is too large, what tells what it is. */
export function tooLarge(start: Buffer): Content {
  return { ...decoded(start), problem: `larger than ${LARGEST / 1024 / 1024} MB` };
}

/** Bytes as text. */
export function decoded(bytes: Buffer): Content {
  // Windows PowerShell's `>` writes UTF-16.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  const hasMark = encoding === 'utf-16le' || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
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
  };
  return new InputError(`${path}: ${(code && reasons[code]) ?? message}`);
}
