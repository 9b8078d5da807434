// The state of the page in the fragment of its URL, which browsers do not send to a server.

import type { Settings } from './session.js';

/** The content of a link. */
export interface Shared {
  readonly files: readonly (readonly [path: string, text: string])[];
  readonly active: string;
  readonly settings: Settings;
}

const PREFIX = '#v1=';
/** The most decompressed bytes: a link of a few kilobytes could expand to gigabytes. */
const MOST_BYTES = 4 << 20;

/** Encodes the state as a fragment. */
export async function toFragment(shared: Shared): Promise<string> {
  const text = new Blob([JSON.stringify(shared)]).stream();
  const bytes = await collected(text.pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return PREFIX + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Decodes a fragment; undefined if it has no state. Throws if it is invalid. */
export async function fromFragment(fragment: string): Promise<Shared | undefined> {
  if (!fragment.startsWith(PREFIX)) return undefined;
  const binary = atob(fragment.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const packed = new Blob([bytes]).stream();
  const unpacked = await collected(packed.pipeThrough(new DecompressionStream('deflate-raw')), MOST_BYTES);
  return read(JSON.parse(new TextDecoder().decode(unpacked)));
}

async function collected(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = stream.getReader();
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > most) {
      void reader.cancel();
      throw new RangeError(`it contains more than ${most >> 20} MB`);
    }
    chunks.push(next.value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Validates the content, since a link can come from anywhere. */
function read(value: unknown): Shared {
  const { files, active, settings } = record(value);
  if (!Array.isArray(files)) throw new TypeError('it has no files');
  const taken = files.map((file): [string, string] => {
    const [path, text] = Array.isArray(file) ? (file as unknown[]) : [];
    if (typeof path !== 'string' || typeof text !== 'string') throw new TypeError('a file in it has no text');
    return [path, text];
  });
  const { parameter, cloud, profile, together } = record(settings ?? {});
  return {
    files: taken,
    active: typeof active === 'string' ? active : '',
    settings: {
      parameter: Object.fromEntries(
        Object.entries(record(parameter ?? {})).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
      cloud: cloud === 'public' || cloud === 'usgov' || cloud === 'china' ? cloud : '',
      profile: profile === 'strict' ? 'strict' : 'recommended',
      together: together === true,
    },
  };
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError('it is not a link of the playground');
  return value as Record<string, unknown>;
}
