// What the package is made of besides our own code, as the lock files have it.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';

/**
 * @typedef Part
 * @property {string} purl
 * @property {string} name
 * @property {string} version
 * @property {string} license an SPDX expression
 * @property {{ alg: string, content: string }} hash of the archive it comes in
 * @property {string} folder where its source is
 * @property {string[]} uses the `purl`s of what it uses
 */

/**
 * Parts, and which of them our own code uses.
 * @typedef {{ parts: Part[], direct: string[] }} Parts
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
/** @param {string} name */
const text = (name) => readFileSync(join(root, name), 'utf8');

/**
 * The npm packages that an installation brings along.
 * @param {any} lock of npm, version 3
 * @returns {Parts}
 */
export function packages(lock = JSON.parse(text('package-lock.json'))) {
  /** @type {Map<string, Part>} */
  const found = new Map();
  /** Where a package that stands at `from` finds `name`. @param {string} from @param {string} name @returns {string} */
  const place = (from, name) => {
    const path = `${from}${from && '/'}node_modules/${name}`;
    if (path in lock.packages) return path;
    if (from === '') throw new Error(`package-lock.json has no ${name}`);
    return place(from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '', name);
  };
  /** @param {string} from @returns {string[]} */
  const used = (from) => {
    const { dependencies = {}, optionalDependencies = {} } = lock.packages[from];
    return Object.keys({ ...dependencies, ...optionalDependencies })
      .map((name) => reached(place(from, name)))
      .sort();
  };
  /** @param {string} path */
  const reached = (path) => {
    const { version, license, integrity } = lock.packages[path];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    if (!found.has(purl)) {
      const [, digest] = /^sha512-(.*)$/.exec(integrity) ?? [];
      if (digest === undefined) throw new Error(`package-lock.json has no SHA-512 of ${name}`);
      const hash = { alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') };
      /** @type {Part} */
      const part = { purl, name, version, license, hash, folder: join(root, path), uses: [] };
      found.set(purl, part);
      part.uses = used(path);
    }
    return purl;
  };
  const direct = used('npm');
  return { parts: sorted(found), direct };
}

/**
 * The crates that are compiled into the WebAssembly module. What only runs in the compiler, a procedural macro, is none
 * of them.
 * @returns {Parts}
 */
export function crates() {
  const cargo = (/** @type {string[]} */ ...words) =>
    execFileSync('cargo', [...words, '--locked'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  const target = 'wasm32-unknown-unknown';
  /** @type {any[]} */
  const known = JSON.parse(cargo('metadata', '--format-version=1', '--filter-platform', target)).packages;
  /** @type {any[]} */
  const locked = /** @type {any} */ (parse(text('Cargo.lock'))).package;
  // Unlike the metadata, the tree is of this crate alone: without what other members switch on.
  const only = ['-p', 'vaultmoat-wasm', '--target', target, '-e', 'normal,no-proc-macro', '--no-dedupe'];
  const tree = cargo('tree', ...only, '--prefix', 'depth', '--charset', 'ascii');
  /** @type {Map<string, Part>} */
  const found = new Map();
  /** @type {Set<string>} */
  const direct = new Set();
  /** The last part of each depth. @type {(Part | undefined)[]} */
  const above = [];
  for (const line of tree.trim().split('\n')) {
    const [, depth, name, version] = /^(\d+)(\S+) v(\S+)/.exec(line) ?? [];
    const is = (/** @type {any} */ other) => other.name === name && other.version === version;
    const { license, manifest_path: manifest, source } = known.find(is);
    above.length = Number(depth);
    // Ours.
    if (source === null) {
      above.push(undefined);
      continue;
    }
    const purl = `pkg:cargo/${name}@${version}`;
    const { checksum: content } = locked.find(is);
    /** @type {Part} */
    const part = found.get(purl) ?? {
      purl,
      name: String(name),
      version: String(version),
      license: license.replaceAll('/', ' OR '),
      hash: { alg: 'SHA-256', content },
      folder: dirname(manifest),
      uses: [],
    };
    found.set(purl, part);
    const user = above.at(-1);
    if (user === undefined) direct.add(purl);
    else if (!user.uses.includes(purl)) user.uses.push(purl);
    above.push(part);
  }
  return { parts: sorted(found), direct: [...direct].sort() };
}

/** @param {Map<string, Part>} found */
const sorted = (found) => [...found.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));

/** What the licence of a part wants to be handed on. Of MIT and Apache-2.0, where it is either, the shorter. @param {Part} part */
export function licenseTexts({ folder }) {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice|copyright)/i.test(name));
  return files
    .filter((name) => !(/apache/i.test(name) && files.some((other) => /mit/i.test(other))))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());
}
