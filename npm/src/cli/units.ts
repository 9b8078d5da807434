// Splits files into units, which are checked separately: a template with the files that it deploys, a Terraform directory,
// all exports of Azure. A module that several units use is read with each of them.

import { posix } from 'node:path';
import { folderOf, parametersOf } from '../gather.js';
import type { Asked } from './inputs.js';

export interface Grouping {
  /** Whether all files are one unit. */
  readonly isWhole: boolean;
  /** Whether a module may be read with each unit that uses it. If not, all units that use it are one. */
  readonly mayShare: boolean;
}

/**
 * Groups files into units, in the order in which the engine reports them. A module that is only used by others is not in a
 * unit: its users read it. References are found with regular expressions, so a file may turn out to be missing, or in
 * another unit; the caller corrects that.
 */
export function unitsOf(asked: readonly Asked[], { isWhole, mayShare }: Grouping): Asked[][] {
  if (isWhole || asked.length < 2) return [[...asked]];
  const ties = new Ties(asked);
  for (const one of asked) ties.add(one);
  return ties.units(mayShare);
}

/** Paths in quotes, with the keyword before them. */
const PATHS =
  /(?:\b(module\s+\w+|from|relativePath["']\s*:)\s*)?["']([^"'\n]{1,400}\.(?:json|jsonc|ndjson|bicep|bicepparam|tf|tofu|tfvars))["']/gi;
/** The source of a Terraform module call. */
const SOURCE = /"?source"?\s*[=:]\s*"(\.[^"\n]{0,400})"/g;
/** A declaration that makes a Bicep file deploy something. */
const DEPLOYS = /^\s*(resource|module)\s/m;
/** The prefix of a path in the folder of a Terraform module. */
const HERE = /^\$\{path\.module\}\//;

class Ties {
  readonly #files = new Map<string, Asked>();
  /** The files of each node, which is a file or a Terraform directory. */
  readonly #nodes = new Map<string, Asked[]>();
  readonly #parents = new Map<string, string>();
  readonly #hasPlan: boolean;
  readonly #uses: [user: string, used: string][] = [];
  /** Nodes that several units must not share, since their resources would count in each. */
  readonly #pinned = new Set<string>();

  constructor(asked: readonly Asked[]) {
    this.#hasPlan = asked.some(({ language }) => language === 'terraform-plan');
    for (const one of asked) {
      this.#files.set(posix.normalize(one.path), one);
      const node = nodeOf(one);
      const files = this.#nodes.get(node) ?? [];
      files.push(one);
      this.#nodes.set(node, files);
    }
  }

  add(one: Asked): void {
    const { path, language } = one;
    const { text } = one.content;
    const node = nodeOf(one);
    for (const beside of [...parametersOf(path), path.replace(/(^|\/)template\.json$/, '$1parameters.json')])
      this.#join(node, beside);
    const isOfTerraform = language === 'terraform' || language === 'terraform-variables';
    if (language === 'azure-json') this.#tie(node, 'azure');
    // Findings about a plan point into the Terraform files.
    if (language === 'terraform-plan' || (isOfTerraform && this.#hasPlan)) this.#tie(node, 'plan');
    if (language === 'terraform') {
      for (const [, way = ''] of text.matchAll(SOURCE)) {
        const used = directory(resolved(path, way));
        if (used !== node && this.#nodes.has(used)) this.#uses.push([node, used]);
      }
    }
    // Other JSON has names that look like paths.
    if (language === 'arm' && !/templateLink/i.test(text)) return;
    if (language !== 'arm' && language !== 'bicep' && language !== 'bicep-parameters' && language !== 'terraform') return;
    for (const [, word, way = ''] of text.matchAll(PATHS)) {
      const other = this.#files.get(resolved(path, way.replace(HERE, '')));
      if (other === undefined || other === one) continue;
      const used = nodeOf(other);
      const isImport = word === 'from' && !DEPLOYS.test(other.content.text);
      if (language === 'bicep-parameters') this.#tie(node, used);
      else if (isImport || (word !== undefined && word !== 'from')) this.#uses.push([node, used]);
      else this.#pin(node, used);
    }
  }

  units(mayShare: boolean): Asked[][] {
    // A user of a pinned node is in its unit.
    for (let before = -1; before < this.#pinned.size;) {
      before = this.#pinned.size;
      for (const [user, used] of this.#uses) if (!mayShare || this.#pinned.has(used)) this.#pin(user, used);
    }
    const elsewhere = this.#uses.filter(([user, used]) => this.#root(user) !== this.#root(used)).map(([, used]) => used);
    const parts = new Set(elsewhere);
    const units = new Map<string, Asked[]>();
    for (const [node, files] of this.#nodes) {
      if (parts.has(node)) continue;
      const root = this.#root(node);
      const unit = units.get(root) ?? [];
      unit.push(...files);
      units.set(root, unit);
    }
    const rank = (unit: readonly Asked[]) => Math.min(...unit.map(({ language }) => ORDER.indexOf(language)));
    return [...units.values()]
      .map((unit) => unit.sort((a, b) => (a.path < b.path ? -1 : 1)))
      .sort((a, b) => rank(a) - rank(b) || ((a[0]?.path ?? '') < (b[0]?.path ?? '') ? -1 : 1));
  }

  #pin(user: string, used: string): void {
    this.#pinned.add(user).add(used);
    this.#tie(user, used);
  }

  #join(node: string, path: string): void {
    const other = this.#files.get(posix.normalize(path));
    if (other !== undefined) this.#tie(node, nodeOf(other));
  }

  #tie(one: string, other: string): void {
    this.#parents.set(this.#root(one), this.#root(other));
  }

  #root(node: string): string {
    let at = node;
    for (;;) {
      const above = this.#parents.get(at) ?? at;
      if (above === at) return at;
      const next = this.#parents.get(above) ?? above;
      this.#parents.set(at, next);
      at = next;
    }
  }
}

/** The order in which the engine reads the languages. */
const ORDER: readonly (Asked['language'] | undefined)[] = [
  'arm',
  'bicep',
  'terraform',
  'terraform-plan',
  'azure-json',
  'arm-parameters',
  'bicep-parameters',
  'terraform-variables',
];

function nodeOf({ path, language }: Asked): string {
  const isOfTerraform = language === 'terraform' || language === 'terraform-variables';
  return isOfTerraform ? directory(posix.normalize(folderOf(path))) : posix.normalize(path);
}

function directory(path: string): string {
  return `${path.replace(/\/$/, '')}/`;
}

function resolved(path: string, way: string): string {
  return posix.join(folderOf(path), way.replaceAll('\\', '/'));
}
