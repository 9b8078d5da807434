// Files that mention a vault and are not read: a report without them would look complete.

import type { Engine } from '../engine.js';
import type { Skipped, SkipReason } from '../types.js';
import { beginning, type Content, hasUtf16Mark } from '../files/content.js';
import { insteadOf, mentionsVault, VAULT } from '../gather.js';
import { counted } from './output.js';

/** Files that do not configure a vault: media, archives, programs, and reports of checkers. */
const OTHERS =
  /\.(a|avif|avi|bin|bmp|br|bz2|class|dat|db|dll|dmg|doc|docx|dylib|ear|eot|exe|gif|gz|heic|ico|iso|jar|jpe?g|lock|lz4|map|mkv|mov|mp3|mp4|nupkg|o|obj|ogg|otf|parquet|pdb|pdf|pem|pfx|png|ppt|pptx|psd|pyc|rar|rlib|rpm|sarif|so|sqlite|svg|tar|tgz|tiff?|ttf|war|wasm|wav|webm|webp|whl|woff2?|xls|xlsx|xz|zip|zst|7z)$/i;
/** The configuration mentions vaults too. */
const SETTINGS = 'vaultmoat.toml';

/** How many bytes of a file are searched. */
const ENOUGH = 256 * 1024;
/** The least share of zeros in wide text: UTF-16 has about half, UTF-32 three quarters. */
const WIDE = 0.4;

/** Whether a file of this name is searched. */
export function isSearched(name: string): boolean {
  return !OTHERS.test(name) && name !== SETTINGS;
}

/** The reason to report a file in an unsupported language; undefined if it does not mention a vault. */
export function reasonOnDisk(engine: Engine, path: string, file: string): SkipReason | undefined {
  let bytes: Buffer;
  try {
    bytes = beginning(file, ENOUGH);
  } catch {
    return VAULT.test(path) ? 'unreadable' : undefined;
  }
  // The names are ASCII, so the text need not be decoded.
  const raw = bytes.toString('latin1');
  const text = raw.includes('\0') ? raw.replaceAll('\0', '') : raw;
  if (!VAULT.test(text) || !engine.namesVault(path, text)) return undefined;
  if (text.length === raw.length || hasUtf16Mark(bytes)) return 'unsupported-language';
  return raw.length - text.length > raw.length * WIDE ? 'not-text' : undefined;
}

/** The same for a file with a supported extension. */
export function reasonOf(engine: Engine, path: string, { text, isBinary, problem }: Content): SkipReason | undefined {
  const plain = isBinary ? text.replaceAll('\0', '') : text;
  if (!mentionsVault(engine, path, plain)) return undefined;
  if (isBinary) return text.length - plain.length > text.length * WIDE ? 'not-text' : undefined;
  if (problem === undefined) return 'unsupported-language';
  return problem.startsWith('larger') ? 'too-large' : 'not-text';
}

const SHOWN = 3;

/** One line with the number of files, the first names, and what to check instead. */
export function skippedText(skipped: readonly Skipped[]): string {
  const names = skipped
    .slice(0, SHOWN)
    .map(({ path, reason }) => (reason === 'unsupported-language' ? path : `${path} (${reason})`));
  const more = skipped.length > SHOWN ? `, and ${skipped.length - SHOWN} more` : '';
  const verb = skipped.length === 1 ? 'mentions a vault and was not read' : 'mention a vault and were not read';
  const instead = new Set(skipped.flatMap(({ path }) => insteadOf(path) ?? []));
  return [`${counted(skipped.length, 'file')} ${verb}: ${names.join(', ')}${more}`, ...instead].join('; ');
}
