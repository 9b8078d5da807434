// The documents of one folder, and their reports. It does not depend on the transport or the disk, so it runs wherever the
// engine does.

import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Config, ConfigError, configured, readConfig } from '../config/config.js';
import { type Engine, EngineCrash, type Language, type Project, type ProjectOptions } from '../engine.js';
import { EXTENSION, folderOf, mentionsVault, MODULE } from '../gather.js';
import type { Range, Report } from '../types.js';
import { joined, normal, Places } from './places.js';
import { Unit } from './unit.js';

/** The saved files, by their path relative to the folder. */
export interface Disk {
  /** The text of a file; undefined if it does not exist or cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Sorted names of the files in a folder. */
  names(folder: string): Promise<readonly string[]>;
  /** Paths of the files that vaultmoat may read, without ignored ones. */
  list(): Promise<readonly string[]>;
  /** The path of a reference's compiled module in Bicep's cache, for templates in a folder. */
  restored(reference: string, folder: string): Promise<string | undefined>;
  /** The configuration of a folder or the nearest one above it. */
  configuration(folder: string): Promise<ConfigFile | undefined>;
}

/** The file of a configuration. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  /** Why it cannot be read; undefined if it can. */
  readonly problem?: string | undefined;
}

/** An error or warning about a configuration. */
export interface Problem {
  readonly path: string;
  readonly range: Range;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** The settings of projects. */
interface Configuration {
  readonly cloud: ProjectOptions['cloud'];
  /** Whether a file is checked, except as a reference. */
  readonly includes: (path: string) => boolean;
  readonly problems: readonly Problem[];
  project(parameters: readonly string[]): Project;
}

/** All open documents, by canonical URI. */
export type Documents = ReadonlyMap<string, TextDocument>;

/** Callbacks to the server. */
export interface Editor {
  /** The engine crashed while it checked this file. */
  crashed(uri: string, error: EngineCrash): void;
  /** The user's settings are invalid. */
  misconfigured(message: string): void;
  settings(): Promise<ProjectOptions>;
}

/** A document as part of one unit. */
export interface View {
  readonly document: TextDocument;
  /** The path of the document in reports. */
  readonly path: string;
  readonly language: Language;
  readonly unit: Unit;
  readonly report: Report;
  readonly workspace: Workspace;
}

/** The most users of one module to check. */
const MOST_USERS = 32;
/** In larger folders only open files are searched for references. */
export const MOST_FILES = 10_000;

interface Root {
  readonly version: number;
  readonly path: string | undefined;
  /** Whether the text mentions a vault and is in no supported language. */
  readonly isSkipped: boolean;
}

interface Opened {
  readonly document: TextDocument;
  /** The root of its unit, for a version of the text. */
  root: Root | undefined;
  /** Whether the files that use it were searched. */
  hasUsers: boolean;
}

export class Workspace {
  readonly places: Places;
  readonly #engine: Engine;
  readonly #disk: Disk;
  readonly #documents: Documents;
  readonly #editor: Editor;
  readonly #opened = new Map<string, Opened>();
  readonly #units = new Map<string, Unit>();
  readonly #touched = new Set<string>();
  /** The version of each open document in the units. */
  readonly #versions = new Map<string, number>();
  #diskChanged = false;
  #list: Promise<readonly string[]> | undefined;
  #settings: ProjectOptions = {};
  /** Configurations by folder, and by path. */
  readonly #configurations = new Map<string, Configuration>();
  readonly #read = new Map<string, Configuration>();
  #isConfigured = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(base: string, engine: Engine, disk: Disk, documents: Documents, editor: Editor) {
    this.places = new Places(base);
    this.#engine = engine;
    this.#disk = disk;
    this.#documents = documents;
    this.#editor = editor;
  }

  /** Called when a document of this folder was opened. */
  open(document: TextDocument): void {
    const path = this.path(document);
    this.#opened.set(path, { document, root: undefined, hasUsers: false });
    this.#touched.add(path);
    this.#list = undefined;
  }

  /** Called when a document of this folder was closed. */
  close(document: TextDocument): void {
    const path = this.path(document);
    this.#opened.delete(path);
    this.#touched.add(path);
  }

  /** Called when a document of any folder was changed, opened or closed. */
  touch(uri: string): void {
    const path = this.places.path(uri);
    if (path !== undefined) this.#touched.add(path);
  }

  /** Called when files were changed, created or deleted. */
  diskTouched(uris: readonly string[]): void {
    for (const uri of uris) this.touch(uri);
    this.#diskChanged = true;
    this.#list = undefined;
  }

  /** Called when settings or configurations changed. */
  configure(): void {
    this.#isConfigured = false;
  }

  /** Errors and warnings about the configurations in use. */
  get problems(): Problem[] {
    return [...this.#read.values()].flatMap(({ problems }) => problems);
  }

  /** Open documents that mention a vault and are not read. */
  get skipped(): TextDocument[] {
    return [...this.#opened.values()].flatMap(({ document, root }) => (root?.isSkipped === true ? [document] : []));
  }

  /** Whether no document of this folder is open. */
  get isIdle(): boolean {
    return this.#opened.size === 0;
  }

  /** The path of a document in reports. Unsaved documents have their title. */
  path(document: TextDocument): string {
    const path = this.places.path(document.uri) ?? document.uri;
    return EXTENSION.test(path) ? path : `${path}${ENDINGS[document.languageId] ?? ''}`;
  }

  /** The URI of a file in the client's form. */
  uri(path: string): string {
    const opened = this.#opened.get(path);
    if (opened !== undefined) return opened.document.uri;
    const uri = this.places.uri(path);
    return this.#documents.get(uri)?.uri ?? uri;
  }

  /** The version of an open document in the last check. */
  version(path: string): number | undefined {
    return this.#opened.has(path) ? this.#versions.get(path) : undefined;
  }

  /** The open document of a file. */
  document(path: string): TextDocument | undefined {
    return this.#opened.get(path)?.document ?? this.#documents.get(this.places.uri(path));
  }

  /** Checks what changed, and returns the units with an open document. */
  fresh(): Promise<readonly Unit[]> {
    const next = this.#queue.then(() => this.#refresh());
    this.#queue = next.catch(() => undefined);
    return next;
  }

  /** The views of a document, one for each unit that includes it. */
  async views(uri: string): Promise<View[]> {
    const document = this.#documents.get(normal(uri));
    if (document === undefined) return [];
    let units = await this.fresh();
    // The document may change meanwhile.
    for (let tries = 0; this.#versions.get(this.path(document)) !== document.version && tries < 3; tries++) {
      units = await this.fresh();
    }
    const path = this.path(document);
    return units.flatMap((unit): View[] => {
      const { report } = unit;
      const language = report?.files.find((file) => file.path === path)?.language;
      if (report === undefined || language === undefined || language === 'other') return [];
      return [{ document, path, language: language as Language, unit, report, workspace: this }];
    });
  }

  /** Frees all memory after the current check. */
  dispose(): void {
    this.#opened.clear();
    this.#queue = this.#queue.then(() => this.#clear());
  }

  #clear(): void {
    for (const unit of this.#units.values()) unit.dispose();
    this.#units.clear();
  }

  async #refresh(): Promise<readonly Unit[]> {
    if (!this.#isConfigured) {
      this.#isConfigured = true;
      this.#clear();
      this.#forget();
      this.#configurations.clear();
      this.#read.clear();
      await this.#readSettings();
    }
    await this.#update();
    // An existing unit may include a newly opened document.
    for (const unit of this.#units.values()) await this.#check(unit);
    for (const [path, opened] of this.#opened) {
      const root = await this.#rootOfOpened(path, opened);
      if (root === undefined) continue;
      if (!opened.hasUsers) await this.#checkUsers(path, root);
      opened.hasUsers = true;
      if (![...this.#units.values()].some((unit) => unit.covers(root))) await this.#unit(root);
    }
    this.#drop();
    return [...this.#units.values()];
  }

  /** Forgets results that depend on other files. */
  #forget(): void {
    for (const opened of this.#opened.values()) {
      opened.root = undefined;
      opened.hasUsers = false;
    }
  }

  async #rootOfOpened(path: string, opened: Opened): Promise<string | undefined> {
    const { document, root } = opened;
    if (root?.version === document.version) return root.path;
    const { version } = document;
    const text = document.getText();
    const own = await this.#rootOf(path, text);
    const mentions = own === undefined && !CONFIGURATION.test(path) && mentionsVault(this.#engine, path, text);
    const isExcluded = (own !== undefined || mentions) && !(await this.#configuration(own ?? path)).includes(path);
    const found = { version, path: isExcluded ? undefined : own, isSkipped: mentions && !isExcluded };
    opened.root = found;
    return found.path;
  }

  async #readSettings(): Promise<void> {
    this.#settings = await this.#editor.settings();
    try {
      this.#engine.project(this.#settings).dispose();
    } catch (error) {
      if (error instanceof EngineCrash) throw error;
      this.#editor.misconfigured((error as Error).message);
      this.#settings = {};
    }
  }

  /** The configuration of a root. */
  async #configuration(root: string): Promise<Configuration> {
    const folder = folderOf(root);
    const known = this.#configurations.get(folder);
    if (known !== undefined) return known;
    const file = await this.#disk.configuration(folder);
    const found = this.#read.get(file?.path ?? '') ?? (await this.#configured(file));
    this.#read.set(file?.path ?? '', found);
    this.#configurations.set(folder, found);
    return found;
  }

  async #configured(file: ConfigFile | undefined): Promise<Configuration> {
    const problems: Problem[] = [];
    const config = file === undefined ? undefined : await this.#understood(file, problems);
    return {
      cloud: this.#settings.cloud ?? config?.project.cloud,
      includes: (path) => config?.includes(this.places.absolute(path)) ?? true,
      problems,
      project: (parameters) => configured(this.#engine, { ...this.#settings, parameters }, config),
    };
  }

  /** Parses a configuration; undefined if it is invalid, which is reported, and defaults apply. */
  async #understood({ path, text, problem }: ConfigFile, problems: Problem[]): Promise<Config | undefined> {
    const home = this.places.absolute(folderOf(path));
    const refused = (message: string, range = TOP): undefined => void problems.push({ path, range, message, severity: 'error' });
    if (problem !== undefined) return refused(problem);
    try {
      const reading = { path, text, home, base: this.places.absolute('.'), isWhole: false, rules: this.#engine.rules() };
      const config = await readConfig(reading);
      configured(this.#engine, this.#settings, config).dispose();
      for (const { range, message } of config.expired) problems.push({ path, range, message, severity: 'warning' });
      return config;
    } catch (error) {
      if (error instanceof EngineCrash) throw error;
      return error instanceof ConfigError ? refused(error.why, error.range) : refused((error as Error).message);
    }
  }

  /** Updates the units with changed texts. */
  async #update(): Promise<void> {
    const touched = [...this.#touched];
    this.#touched.clear();
    const looksAgain = this.#diskChanged;
    this.#diskChanged = false;
    for (const path of touched) {
      const units = [...this.#units.values()].filter((unit) => unit.texts.has(path));
      if (units.length === 0) continue;
      const text = await this.#text(path);
      for (const unit of units) await this.#guarded(unit, () => unit.replace(path, text));
    }
    if (!looksAgain) return;
    for (const unit of this.#units.values()) unit.lookAgain();
    this.#forget();
  }

  /** Drops units without an open document, and units that are included in another one. */
  #drop(): void {
    for (const unit of [...this.#units.values()]) {
      const others = [...this.#units.values()].filter((other) => other !== unit);
      const isOpen = [...this.#opened.keys()].some((path) => unit.texts.has(path));
      if (isOpen && !others.some((other) => other.covers(unit.root))) continue;
      unit.dispose();
      this.#units.delete(unit.root);
    }
  }

  async #unit(root: string): Promise<Unit> {
    const known = this.#units.get(root);
    if (known !== undefined) return known;
    const unit = new Unit(root, await this.#configuration(root));
    this.#units.set(root, unit);
    await this.#check(unit);
    return unit;
  }

  async #check(unit: Unit): Promise<void> {
    if (!unit.isStale) return;
    await this.#guarded(unit, () =>
      unit.check({
        text: (path) => this.#text(path),
        names: (folder) => this.#names(folder),
        identify: (path, text) => this.#engine.identify(path, text),
        restored: (reference) => this.#disk.restored(reference, folderOf(unit.root)),
      }),
    );
  }

  /** After a crash, a unit keeps its last report. */
  async #guarded(unit: Unit, act: () => void | Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof EngineCrash)) throw error;
      unit.isStale = false;
      this.#editor.crashed(this.uri(unit.main), error);
    }
  }

  async #text(path: string): Promise<string | undefined> {
    const document = this.document(path);
    if (document === undefined) return this.#disk.read(path);
    this.#versions.set(path, document.version);
    return document.getText();
  }

  /** The names of files in a folder, with unsaved documents. */
  async #names(folder: string): Promise<readonly string[]> {
    const saved = await this.#disk.names(folder);
    const open = [...this.#opened.keys()].filter((path) => folderOf(path) === folder.replace(/\/$/, ''));
    const names = open.map((path) => path.slice(path.lastIndexOf('/') + 1));
    return [...new Set([...saved, ...names])].sort();
  }

  /** The language of a file: from a unit with the same text, or else from the engine, which is slower. */
  #languageOf(path: string, text: string): Language | undefined {
    for (const { texts, report, isStale } of this.#units.values()) {
      if (isStale || texts.get(path) !== text) continue;
      const language = report?.files.find((file) => file.path === path)?.language;
      if (language !== undefined && language !== 'other') return language as Language;
    }
    return this.#engine.identify(path, text);
  }

  /** The root of a file's unit. */
  async #rootOf(path: string, text: string): Promise<string | undefined> {
    const exists = async (other: string) => other !== path && (await this.#text(other)) !== undefined;
    switch (this.#languageOf(path, text)) {
      case undefined:
        return undefined;
      case 'terraform':
        return `${folderOf(path)}/`;
      case 'terraform-variables':
        return AUTOMATIC.test(path) ? `${folderOf(path)}/` : path;
      case 'azure-json':
        return `${folderOf(path)}/*.json`;
      case 'bicep-parameters': {
        const template = path.replace(/param$/i, '');
        return (await exists(template)) ? template : path;
      }
      case 'arm-parameters': {
        for (const ending of ['.json', '.bicep']) {
          const template = path.replace(/\.parameters\.json$/i, ending);
          if (await exists(template)) return template;
        }
        return path;
      }
      default:
        return path;
    }
  }

  /** Checks the files that use a file, directly or indirectly. A user mentions the name of the file, or of its folder. */
  async #checkUsers(path: string, root: string): Promise<void> {
    if (!isTemplate(path)) return;
    this.#list ??= this.#disk.list();
    const all = await this.#list;
    const candidates = new Set([...(all.length > MOST_FILES ? [] : all), ...this.#opened.keys()].filter(isTemplate));
    const texts = new Map<string, string>();
    for (const candidate of candidates) texts.set(candidate, (await this.#text(candidate)) ?? '');
    let found = 0;
    const seen = new Set([path]);
    for (const used of seen) {
      const isMentioned = mentionOf(used);
      for (const [candidate, text] of texts) {
        if (seen.has(candidate) || !isMentioned(candidate, text) || found >= MOST_USERS) continue;
        const user = await this.#rootOf(candidate, text);
        if (user === undefined || user === root) continue;
        const isNew = !this.#units.has(user);
        const unit = await this.#unit(user);
        if (unit.covers(root)) {
          found++;
          seen.add(candidate);
        } else if (isNew) {
          unit.dispose();
          this.#units.delete(user);
        }
      }
    }
  }
}

const START = { line: 0, character: 0, offset: 0 };
export const TOP: Range = { start: START, end: START };

/** The configuration mentions vaults too. */
const CONFIGURATION = /(^|\/)vaultmoat\.toml$/;
/** Variable files that Terraform reads automatically. */
const AUTOMATIC = /(^|\/)(terraform|[^/]*\.auto)\.tfvars(\.json)?$/i;

/** The extensions of unsaved documents, by language id. */
const ENDINGS: Readonly<Record<string, string>> = {
  bicep: '.bicep',
  'bicep-params': '.bicepparam',
  terraform: '.tf',
  opentofu: '.tofu',
  'terraform-vars': '.tfvars',
  'opentofu-vars': '.tfvars',
  json: '.json',
  jsonc: '.json',
  'arm-template': '.json',
};

function isTemplate(path: string): boolean {
  return /\.(bicep|json|jsonc)$/i.test(path) || MODULE.test(path);
}

/** Whether a text refers to a file, or to the folder of a Terraform module. An expression may refer to any file. */
function mentionOf(path: string): (candidate: string, text: string) => boolean {
  const target = MODULE.test(path) ? folderOf(path) : path;
  const name = target.slice(target.lastIndexOf('/') + 1);
  return (candidate, text) => {
    if (MODULE.test(candidate) !== MODULE.test(path)) return false;
    const folder = folderOf(candidate);
    const ways = MODULE.test(path) ? text.matchAll(SOURCE) : text.includes(name) ? text.matchAll(QUOTED) : [];
    for (const [, way = ''] of ways) {
      if (joined(folder, way) === target || (EXPRESSION.test(way) && way.includes(name))) return true;
    }
    return false;
  };
}

/** The source of a Terraform module call. */
const SOURCE = /"?source"?\s*[=:]\s*"(\.[^"\n]*)"/g;
/** Short strings in Bicep or JSON. */
const QUOTED = /['"]([^'"\n]{1,400})['"]/g;
const EXPRESSION = /[[$(]/;
