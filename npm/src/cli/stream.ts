// `vaultmoat check --stream`: checks an estate of any size, reading one resource and writing one record per line.

import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Stream } from '../stream.js';
import { createEngine } from '../node.js';
import type { Severity, StreamRecord } from '../types.js';
import type { Streaming } from './arguments.js';
import { InputError } from '../files/error.js';
import { reaches } from './checked.js';
import { configured } from '../config/config.js';
import { LARGEST, unreadable } from '../files/content.js';
import { commonFolder, Configs, shown } from './inputs.js';
import { counted, jsonLine } from './output.js';

/** Bytes per read. */
const CHUNK = 1 << 20;
/** The most bytes to buffer of a pipe, which cannot be read a second time. */
const MOST_KEPT = 256 << 20;

/** An input with random access. */
interface Source {
  readonly path: string;
  /** Fills `into` from an offset on, and returns the number of bytes. */
  readonly read: (into: Uint8Array, offset: number) => number;
  readonly close: () => void;
}

/** Checks and prints. Returns whether findings reach the severity that fails. */
export async function stream(options: Streaming): Promise<boolean> {
  const engine = await createEngine();
  const config = await new Configs(engine, options).of(commonFolder(options));
  const stream = configured(engine, options.project, config, (options) => new Stream(options));
  const threshold = options.failOn ?? config?.failOn ?? 'warning';
  const sources: Source[] = [];
  const lines = new Lines(options.output);
  let fails = false;
  const print = async (records: readonly StreamRecord[]): Promise<void> => {
    for (const record of records) fails ||= isFailing(record, threshold);
    await lines.write(records);
  };
  try {
    for (const path of new Set(options.paths)) sources.push(path === '-' ? await standardInput(options) : file(path));
    sources.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
    for (const source of sources) await index(stream, source, print);
    try {
      stream.finish();
    } catch (error) {
      throw new InputError((error as Error).message);
    }
    for (let rows = stream.next(); rows !== undefined; rows = stream.next()) {
      await print(stream.check(textOf(rows, sources)));
    }
    const summary = stream.summary();
    await lines.write([summary]);
    lines.close();
    if (!options.quiet) process.stderr.write(inWords(summary));
  } catch (error) {
    lines.drop();
    throw error;
  } finally {
    for (const source of sources) source.close();
    stream.dispose();
  }
  return fails;
}

function isFailing(record: StreamRecord, threshold: Severity | 'never'): boolean {
  return (record.record === 'finding' || record.record === 'problem') && reaches(record.severity, threshold);
}

function inWords(record: StreamRecord): string {
  if (record.record !== 'summary') return '';
  const { resources, vaults, errors, warnings, infos, undecided } = record;
  const found = [counted(errors, 'error'), counted(warnings, 'warning'), counted(infos, 'note')].join(', ');
  return `${found}, ${undecided} undecided in ${counted(resources, 'resource')}, ${counted(vaults, 'vault')} among them\n`;
}

function file(path: string): Source {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return seekable(shown(path), descriptor, () => closeSync(descriptor as number));
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw error instanceof InputError ? error : unreadable(path, error);
  }
}

function seekable(path: string, descriptor: number, close: () => void): Source {
  const found = fstatSync(descriptor);
  if (found.isDirectory()) throw new InputError(`${path}: a folder, where --stream needs files of one resource per line`);
  if (!found.isFile()) throw new InputError(`${path}: a pipe or device, which cannot be read twice; pass it as standard input`);
  const read: Source['read'] = (into, offset) => {
    let filled = 0;
    while (filled < into.length) {
      const count = readSync(descriptor, into, filled, into.length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  };
  return { path, read, close };
}

/** Standard input: a file is read twice, a pipe is buffered. */
async function standardInput({ stdinFilename }: Streaming): Promise<Source> {
  const path = shown(stdinFilename ?? 'stdin.ndjson');
  if (fstatSync(0).isFile()) return seekable(path, 0, () => undefined);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_KEPT)
      throw new InputError(`${path}: a pipe of more than ${MOST_KEPT >> 20} MB cannot be read twice; pass a file`);
  }
  const kept = Buffer.concat(chunks);
  return { path, read: (into, offset) => kept.copy(into, 0, offset), close: () => undefined };
}

/** The first pass over a file. */
async function index(stream: Stream, source: Source, print: (records: StreamRecord[]) => Promise<void>): Promise<void> {
  stream.file(source.path);
  let chunk = Buffer.alloc(CHUNK);
  let offset = 0;
  for (let isFirst = true; ; isFirst = false) {
    const length = source.read(chunk, offset);
    if (length === 0) return;
    if (isFirst) refuseOtherText(source.path, chunk.subarray(0, length));
    const isLast = length < chunk.length;
    const end = isLast ? length : chunk.lastIndexOf(0x0a) + 1;
    if (end === 0) {
      if (chunk.length >= LARGEST) throw new InputError(`${source.path}: a line of more than ${LARGEST >> 20} MB`);
      chunk = Buffer.alloc(chunk.length * 2);
      continue;
    }
    await print(stream.read(chunk.subarray(0, end)));
    offset += end;
    if (isLast) return;
  }
}

function refuseOtherText(path: string, start: Buffer): void {
  const isWide = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  if (isWide) throw new InputError(`${path}: not UTF-8 text`);
}

/** The concatenated texts of a batch of rows: triples of file, offset and length. */
function textOf(rows: Float64Array, sources: readonly Source[]): Uint8Array {
  let size = 0;
  for (let at = 2; at < rows.length; at += 3) size += rows[at] as number;
  const text = Buffer.allocUnsafe(size);
  let filled = 0;
  for (let at = 0; at < rows.length;) {
    const [file, offset] = [rows[at] as number, rows[at + 1] as number];
    // Adjacent rows take one read.
    let length = 0;
    for (; rows[at] === file && rows[at + 1] === offset + length; at += 3) length += rows[at + 2] as number;
    const source = sources[file] as Source;
    if (source.read(text.subarray(filled, filled + length), offset) < length) {
      throw new InputError(`${source.path}: changed while it was read`);
    }
    filled += length;
  }
  return text;
}

/** Writes records to standard output, or to a file that is complete once it exists. */
class Lines {
  readonly #path: string | undefined;
  readonly #draft: string | undefined;
  readonly #file: number | undefined;

  constructor(path: string | undefined) {
    this.#path = path;
    if (path === undefined) return;
    try {
      const before = statSync(path, { throwIfNoEntry: false });
      const isStream = before !== undefined && !before.isFile();
      if (before?.isDirectory() ?? false) throw new Error('it is a folder');
      this.#draft = isStream ? undefined : join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
      this.#file = openSync(this.#draft ?? path, isStream ? 'w' : 'wx');
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async write(records: readonly StreamRecord[]): Promise<void> {
    if (records.length === 0) return;
    const text = records.map((record) => `${jsonLine(record)}\n`).join('');
    if (this.#file === undefined) {
      if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
      return;
    }
    try {
      for (let rest = Buffer.from(text); rest.length > 0;) rest = rest.subarray(writeSync(this.#file, rest));
    } catch (error) {
      throw this.#failed(error);
    }
  }

  close(): void {
    if (this.#file === undefined) return;
    try {
      closeSync(this.#file);
      if (this.#draft !== undefined) renameSync(this.#draft, this.#path as string);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Removes the incomplete file. */
  drop(): void {
    if (this.#draft !== undefined) rmSync(this.#draft, { force: true });
  }

  #failed(error: unknown): InputError {
    return new InputError(`${this.#path}: cannot be written: ${(error as Error).message}`);
  }
}
