// Files that are checked as one project: a template with its references, a Terraform directory, the exports in a folder.

import type { Language, Project, ProjectOptions } from '../engine.js';
import { BESIDE, checkWithReferences, type Files, folderOf, offerBesides, offerFolder } from '../gather.js';
import type { ModelReport, Report } from '../types.js';
import { joined } from './places.js';

/** The texts of files, with unsaved changes. */
export interface Texts {
  text(path: string): Promise<string | undefined>;
  names(folder: string): Promise<readonly string[]>;
  identify(path: string, text: string): Language | undefined;
  restored(reference: string): Promise<string | undefined>;
}

interface Settings {
  readonly cloud: ProjectOptions['cloud'];
  project(parameters: readonly string[]): Project;
}

/** The most folders to search upwards for a configuration. */
const MOST_LEVELS = 24;

const EXPORTS = '/*.json';
const VALUES = /\.(bicepparam|tfvars|tfvars\.json)$/i;

/** A root is a path, a folder with a trailing slash, or the exports of a folder: `folder/*.json`. */
export class Unit {
  readonly root: string;
  /** The Azure cloud of the templates. */
  readonly cloud: Settings['cloud'];
  readonly project: Project;
  /** The texts in the project, by path. */
  readonly texts = new Map<string, string>();
  /** The last report. */
  report: Report | undefined;
  /** Whether a text changed since the last report. */
  isStale = true;
  readonly #tried = new Set<string>();
  #isGathered = false;
  #model: ModelReport | undefined;

  constructor(root: string, configuration: Settings) {
    this.root = root;
    this.cloud = configuration.cloud;
    this.project = configuration.project(VALUES.test(root) ? [root] : []);
  }

  /** The file that represents the unit in messages. */
  get main(): string {
    return this.root.endsWith('/') || this.root.endsWith(EXPORTS) ? ([...this.texts.keys()][0] ?? this.root) : this.root;
  }

  /** Whether this unit includes another root, which then needs no unit of its own. */
  covers(root: string): boolean {
    // A template is also checked without the parameter file of this unit.
    if (root === this.root || VALUES.test(this.root) || root.endsWith(EXPORTS)) return false;
    if (!root.endsWith('/')) return this.texts.has(root);
    const folder = root.slice(0, -1);
    return [...this.texts.keys()].some((path) => folderOf(path) === folder);
  }

  model(): ModelReport {
    this.#model ??= this.project.model();
    return this.#model;
  }

  /** Changes a text; undefined removes it. */
  replace(path: string, text: string | undefined): void {
    if (this.texts.get(path) === text) return;
    this.isStale = true;
    if (text === undefined) {
      this.texts.delete(path);
      this.project.remove(path);
    } else {
      this.texts.set(path, text);
      this.project.set(path, text);
    }
  }

  /** Looks again for files that were missing. */
  lookAgain(): void {
    this.isStale = true;
    this.#isGathered = false;
    this.#tried.clear();
  }

  /** Reads missing files, and checks. */
  async check(texts: Texts): Promise<void> {
    const files = this.#files(texts);
    if (!this.#isGathered) await this.#gather(texts, files);
    this.#isGathered = true;
    this.isStale = false;
    this.#model = undefined;
    this.report = await checkWithReferences(this.project, files, this.#tried);
  }

  async #gather(texts: Texts, files: Files): Promise<void> {
    if (this.root.endsWith(EXPORTS)) {
      const folder = this.root.slice(0, -EXPORTS.length);
      const wanted = { ...files, offer: (path: string) => this.#offer(path, texts, (language) => language === 'azure-json') };
      await offerFolder(folder, /\.(json|jsonc|ndjson)$/i, wanted);
    } else if (this.root.endsWith('/')) {
      await offerFolder(this.root.slice(0, -1), BESIDE, files);
    } else {
      await files.hand(this.root, this.root);
      if (/\.tfvars(\.json)?$/i.test(this.root)) await offerFolder(folderOf(this.root), BESIDE, files);
      else await offerBesides([this.root], files);
    }
  }

  #files(texts: Texts): Files {
    return {
      has: (path) => this.texts.has(path),
      isFile: async (path) => (await texts.text(path)) !== undefined,
      names: (folder) => texts.names(folder),
      offer: (path) => this.#offer(path, texts, (language) => language !== undefined),
      hand: async (path, file) => this.replace(path, await texts.text(file)),
      restored: (reference) => texts.restored(reference),
      nearest: async (path) => {
        const name = path.slice(path.lastIndexOf('/') + 1);
        let folder = folderOf(path);
        for (let level = 0; level < MOST_LEVELS; level++) {
          const file = joined(folder, name);
          if ((await texts.text(file)) !== undefined) return file;
          folder = joined(folder, '..');
        }
        return undefined;
      },
    };
  }

  async #offer(path: string, texts: Texts, isWanted: (language: Language | undefined) => boolean): Promise<void> {
    if (this.texts.has(path)) return;
    const text = await texts.text(path);
    if (text !== undefined && isWanted(texts.identify(path, text))) this.replace(path, text);
  }

  dispose(): void {
    this.project.dispose();
  }
}
