// Shipped dependencies: packages, crates, their licences, and the bill of materials. The tests read lock files and sources
// that the build has fetched, and do not use the network.

import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import satisfies from 'spdx-satisfies';
import { parse } from 'smol-toml';
import { crates, licenseTexts, packages } from '../npm/scripts/parts.js';
import { root } from './templates.js';

/** @param {string} name */
const text = (name) => readFileSync(join(root, name), 'utf8');
const [ofNpm, ofCargo] = [packages(), crates()];
const parts = [...ofNpm.parts, ...ofCargo.parts];

// A new dependency must be intentional: `make contracts` records it.
test('what is shipped is what is written down', () => {
  const shipped = { npm: ofNpm.parts.map(({ name }) => name), cargo: ofCargo.parts.map(({ name }) => name) };
  const record = join(root, 'tests/contracts/shipped.json');
  if (process.env['UPDATE_CONTRACTS']) writeFileSync(record, `${JSON.stringify(shipped, undefined, 2)}\n`);
  assert.deepEqual(shipped, JSON.parse(readFileSync(record, 'utf8')));
});

/** @type {any} */
const { licenses, bans } = parse(text('deny.toml'));

test('every shipped part has a licence that is allowed', () => {
  for (const { purl, license } of parts) assert.ok(satisfies(license, licenses.allow), `${purl}: ${license}`);
  assert.ok(!satisfies('GPL-3.0-only', licenses.allow));
  assert.ok(!satisfies('MIT AND GPL-3.0-only', licenses.allow));
});

test('the engine has no forbidden dependencies', () => {
  assert.ok(bans.deny.length > 0);
  for (const { crate } of bans.deny) assert.ok(!ofCargo.parts.some(({ name }) => name === crate), crate);
});

test('no part is shipped in two versions', () => {
  for (const { parts } of [ofNpm, ofCargo]) assert.equal(new Set(parts.map(({ name }) => name)).size, parts.length);
});

test('no package runs a script when it is installed', () => {
  const lock = JSON.parse(text('package-lock.json')).packages;
  for (const { name } of ofNpm.parts) assert.equal(lock[`node_modules/${name}`].hasInstallScript, undefined, name);
  const { scripts } = JSON.parse(text('npm/package.json'));
  assert.deepEqual(Object.keys(scripts), ['prepack']);
});

test('everything comes from the two registries, at a version whose bytes are known', () => {
  for (const [path, { resolved, integrity, link, version }] of Object.entries(JSON.parse(text('package-lock.json')).packages)) {
    if (!path.startsWith('node_modules/') || link) continue;
    if (resolved !== undefined) assert.match(resolved, /^https:\/\/registry\.npmjs\.org\//, path);
    assert.match(integrity, /^sha512-/, path);
    assert.match(version, /^\d/, path);
  }
  /** @type {any} */
  const cargo = parse(text('Cargo.lock'));
  for (const { name, source, checksum } of cargo.package) {
    if (name.startsWith('vaultmoat-')) continue;
    assert.equal(source, 'registry+https://github.com/rust-lang/crates.io-index', name);
    assert.match(checksum, /^[0-9a-f]{64}$/, name);
  }
});

/** @type {{ specVersion: string, metadata: any, components: any[], dependencies: any[] }} */
const bom = JSON.parse(text('npm/sbom.cdx.json'));

test('the bill of materials is CycloneDX', () => {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
  /** @param {string} name */
  const schema = (name) => {
    const { $id, ...rest } = JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8'));
    return rest;
  };
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false });
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) ajv.addSchema(schema(name), `${name}.SNAPSHOT.schema.json`);
  /** @type {(bom: any) => boolean} */
  const isValid = ajv.compile(schema(`bom-${bom.specVersion}`));
  assert.ok(isValid(bom), JSON.stringify(/** @type {any} */ (isValid).errors?.slice(0, 3)));
  assert.ok(!isValid({ ...bom, components: [{ name: 'no type' }] }));
  assert.ok(!isValid({ ...bom, components: [{ ...bom.components[0], licenses: [{ license: { id: 'Nonsense' } }] }] }));
});

test('the bill of materials has every part with the hash in the lock file, and what uses it', () => {
  const described = bom.components.map(({ purl, hashes }) => `${purl} ${hashes[0].content}`).sort();
  assert.deepEqual(described, parts.map(({ purl, hash }) => `${purl} ${hash.content}`).sort());
  const known = new Set([bom.metadata.component['bom-ref'], ...parts.map(({ purl }) => purl)]);
  const used = new Set(bom.dependencies.flatMap(({ ref, dependsOn }) => (assert.ok(known.has(ref), ref), dependsOn)));
  for (const { purl } of parts) assert.ok(used.has(purl), `nobody uses ${purl}`);
  const { version } = JSON.parse(text('npm/package.json'));
  assert.equal(bom.metadata.component.version, version);
  assert.ok(text('Cargo.toml').includes(`\nversion = "${version}"\n`), 'the crates are of another version');
});

test('the licences of compiled dependencies are in the package', () => {
  const notices = text('npm/LICENSE-THIRD-PARTY');
  for (const part of ofCargo.parts) {
    assert.ok(notices.includes(`\n${part.name} ${part.version}: ${part.license}\n`), part.purl);
    for (const license of licenseTexts(part)) assert.ok(notices.includes(license), part.purl);
  }
});
