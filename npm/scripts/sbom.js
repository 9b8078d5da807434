// Writes what the package is made of: a CycloneDX bill of materials, and the licences of what is compiled in. Both are
// functions of the lock files: no time, no number of their own.

import { readFileSync, writeFileSync } from 'node:fs';
import { crates, licenseTexts, packages } from './parts.js';

/** @param {string} name */
const beside = (name) => new URL(`../${name}`, import.meta.url);
const { name, version, description, license } = JSON.parse(readFileSync(beside('package.json'), 'utf8'));

const [ofNpm, ofCargo] = [packages(), crates()];
const parts = [...ofCargo.parts, ...ofNpm.parts];
/** @param {string} expression */
const licenses = (expression) => [expression.includes(' ') ? { expression } : { license: { id: expression } }];
const purl = `pkg:npm/${name}@${version}`;

const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    lifecycles: [{ phase: 'build' }],
    component: { type: 'library', 'bom-ref': purl, name, version, description, licenses: licenses(license), purl },
  },
  components: parts.map((part) => ({
    type: 'library',
    'bom-ref': part.purl,
    name: part.name,
    version: part.version,
    hashes: [part.hash],
    licenses: licenses(part.license),
    purl: part.purl,
  })),
  dependencies: [
    { ref: purl, dependsOn: [...ofCargo.direct, ...ofNpm.direct] },
    ...parts.map((part) => ({ ref: part.purl, dependsOn: part.uses })),
  ],
};
writeFileSync(beside('sbom.cdx.json'), `${JSON.stringify(bom, undefined, 2)}\n`);

const notices = ofCargo.parts.map((part) => {
  const texts = licenseTexts(part);
  if (texts.length === 0) throw new Error(`${part.name} brings no licence`);
  return [`${part.name} ${part.version}: ${part.license}`, ...texts].join('\n\n');
});
const rule = `\n\n${'-'.repeat(80)}\n\n`;
const head = 'The WebAssembly module in this package contains code of these crates, under their licences.';
writeFileSync(beside('LICENSE-THIRD-PARTY'), `${[head, ...notices].join(rule)}\n`);
