// Files that name a vault and are not read: silence about them would look like a clean bill.

import type { Engine } from '../engine.js';
import type { Skipped, SkipReason } from '../types.js';
import { beginning, type Content, hasUtf16Mark } from './content.js';
import { counted } from './output.js';

/** Files that hold no text that somebody wrote about a vault: media, archives, programs, and reports of checkers. */
const OTHERS =
  /\.(a|avif|avi|bin|bmp|br|bz2|class|dat|db|dll|dmg|doc|docx|dylib|ear|eot|exe|gif|gz|heic|ico|iso|jar|jpe?g|lock|lz4|map|mkv|mov|mp3|mp4|nupkg|o|obj|ogg|otf|parquet|pdb|pdf|pem|pfx|png|ppt|pptx|psd|pyc|rar|rlib|rpm|sarif|so|sqlite|svg|tar|tgz|tiff?|ttf|war|wasm|wav|webm|webp|whl|woff2?|xls|xlsx|xz|zip|zst|7z)$/i;
/** Our own settings, which name what they are about. */
const SETTINGS = 'vaultmoat.toml';

/** What we print ourselves: a baseline, a report, a model. */
const OURS = /^\s*\{\s*"version":\s*1,\s*"(profile|summary|vaults?)":/;

/** How much of a file is looked at. */
const ENOUGH = 256 * 1024;
/** Part of every word that names a vault: most files say neither. */
const HINT = /vault|managedhsm|kv-/i;
/** Which part of wide text is zeros: half of UTF-16, three quarters of UTF-32. */
const WIDE = 0.4;

/** Whether a file of this name is looked at. */
export function isLookedAt(name: string): boolean {
  return !OTHERS.test(name) && name !== SETTINGS;
}

/** Why a file in no language that is read is worth naming: `undefined` when it names no vault. */
export function lookAt(engine: Engine, path: string, file: string): SkipReason | undefined {
  let bytes: Buffer;
  try {
    bytes = beginning(file, ENOUGH);
  } catch {
    return HINT.test(path) ? 'unreadable' : undefined;
  }
  // The words are ASCII, so that no text is decoded for them.
  const raw = bytes.toString('latin1');
  const text = raw.includes('\0') ? raw.replaceAll('\0', '') : raw;
  if (!HINT.test(text) || !engine.namesVault(path, text)) return undefined;
  if (text.length === raw.length || hasUtf16Mark(bytes)) return 'unsupported-language';
  return raw.length - text.length > raw.length * WIDE ? 'not-text' : undefined;
}

/** The same for a file whose name is one of those that are read. */
export function reasonOf(engine: Engine, path: string, { text, isBinary, problem }: Content): SkipReason | undefined {
  const plain = isBinary ? text.replaceAll('\0', '') : text;
  if (OURS.test(plain) || !HINT.test(plain) || !engine.namesVault(path, plain)) return undefined;
  if (isBinary) return text.length - plain.length > text.length * WIDE ? 'not-text' : undefined;
  if (problem === undefined) return 'unsupported-language';
  return problem.startsWith('larger') ? 'too-large' : 'not-text';
}

const SHOWN = 3;

/** In one line: how many, and the first names. */
export function skippedText(skipped: readonly Skipped[]): string {
  const names = skipped
    .slice(0, SHOWN)
    .map(({ path, reason }) => (reason === 'unsupported-language' ? path : `${path} (${reason})`));
  const more = skipped.length > SHOWN ? `, and ${skipped.length - SHOWN} more` : '';
  const verb = skipped.length === 1 ? 'names a vault and was not read' : 'name a vault and were not read';
  return `${counted(skipped.length, 'file')} ${verb}: ${names.join(', ')}${more}`;
}
