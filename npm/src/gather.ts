// Collects the files that belong to a file: those beside it, and its references. The host reads them.

import type { Engine, Project } from './engine.js';
import type { Report } from './types.js';

/** The extensions of files that vaultmoat may read. */
export const EXTENSION = /\.(json|jsonc|ndjson|bicep|bicepparam|tf|tofu|tfvars)$/i;
/** Bicep parameter files. */
export const PARAMETERS = /\.bicepparam$/i;
/** Files of a Terraform module. */
export const MODULE = /\.(tf|tofu)(\.json)?$/i;
/** Files of a Terraform module, and files with values of its variables. */
export const BESIDE = /\.(tf|tofu|tfvars)(\.json)?$/i;

/** Every name of a vault contains one of these; a text without them need not be searched. */
export const VAULT = /vault|managedhsm|kv-/i;
/** Output of vaultmoat: a baseline, a report, a model. */
const OUTPUT = /^\s*\{\s*"version":\s*1,\s*"(profile|summary|vaults?)":/;

type Awaitable<T> = T | Promise<T>;

/** The host's files and the project that they are added to. */
export interface Files {
  /** Whether the project has the file. */
  has(path: string): boolean;
  /** Whether there is such a file. */
  isFile(path: string): Awaitable<boolean>;
  /** Sorted names of the files in a folder; none if there is no such folder. */
  names(folder: string): Awaitable<readonly string[]>;
  /** Adds a file if it is in a language that vaultmoat reads. */
  offer(path: string): Awaitable<void>;
  /** Adds a file of any kind, under `path`. */
  hand(path: string, file: string): Awaitable<void>;
  /** The path of the compiled module in Bicep's cache, for a reference such as `br:…`. */
  restored(reference: string): Awaitable<string | undefined>;
  /** The nearest file of this name, in the folder of the path or above it. */
  nearest(path: string): Awaitable<string | undefined>;
}

/** Offers the files beside these: the rest of a Terraform module, and parameter files. */
export async function offerBesides(paths: Iterable<string>, files: Files): Promise<void> {
  const all = [...paths];
  const folders = new Set(all.filter((path) => MODULE.test(path)).map(folderOf));
  for (const folder of folders) await offerFolder(folder, BESIDE, files);
  for (const path of all.filter((path) => !PARAMETERS.test(path))) {
    for (const beside of parametersOf(path)) {
      if (beside !== path && !files.has(beside) && (await files.isFile(beside))) await files.offer(beside);
    }
  }
}

/** Paths of the parameter files beside a template that apply to it. */
export function parametersOf(path: string): string[] {
  return [path.replace(EXTENSION, '.parameters.json'), path.replace(/\.bicep$/i, '.bicepparam')];
}

/** Offers the files of a folder whose names match. */
export async function offerFolder(folder: string, wanted: RegExp, files: Files): Promise<void> {
  for (const name of await files.names(folder)) {
    if (wanted.test(name)) await files.offer(joined(folder, name));
  }
}

/**
 * Checks, and adds missing files until the report lists no new ones: linked templates, modules, and the files that they
 * read. `tried` has the paths that were looked up before.
 */
export async function checkWithReferences(project: Project, files: Files, tried = new Set<string>()): Promise<Report> {
  const hand = async (missing: readonly string[]): Promise<boolean> => {
    const untried = missing.filter((path) => !tried.has(path));
    for (const path of untried) {
      tried.add(path);
      if (path.endsWith('/')) await offerFolder(path, MODULE, files);
      else await handReference(path, files);
    }
    return untried.length > 0;
  };
  // Reads references before the first check: otherwise each level of modules needs a check of its own.
  while (await hand(project.references()));
  for (;;) {
    const report = project.check();
    if (!(await hand(report.missing))) return report;
  }
}

async function handReference(path: string, files: Files): Promise<void> {
  const file = isModule(path) ? await files.restored(path) : path;
  if (file !== undefined && (await files.isFile(file))) return files.hand(path, file);
  if (path.endsWith('bicepconfig.json')) {
    const config = await files.nearest(path);
    if (config !== undefined && !files.has(config)) await files.hand(config, config);
  }
}

/** Whether a missing path is a module in a registry, not a file. */
export function isModule(path: string): boolean {
  return /^(br|ts)(\/[^/:]*)?:/.test(path);
}

/** Whether a file in no supported language configures a vault: without it, a report would look complete. */
export function mentionsVault(engine: Engine, path: string, text: string): boolean {
  return !OUTPUT.test(text) && VAULT.test(text) && engine.namesVault(path, text);
}

/** What to check in place of a file that is not read; undefined if there is nothing to recommend. */
export function insteadOf(path: string): string | undefined {
  if (/(^|\/)terragrunt(\.stack)?\.hcl$/i.test(path)) {
    return 'of Terragrunt, check the plans that `terragrunt run --all plan --json-out-dir DIR` writes';
  }
  if (/\.(tfcomponent|tfdeploy|tfstack)\.hcl$/i.test(path)) {
    return 'of a stack, check the modules that its components name, with the inputs in a `.tfvars` file';
  }
  return /\.tfstate$/i.test(path) ? 'a state is read when its file is named' : undefined;
}

/** The folder of a path; `.` if it has none. */
export function folderOf(path: string): string {
  const at = path.replaceAll('\\', '/').lastIndexOf('/');
  return at < 0 ? '.' : path.slice(0, Math.max(at, 1));
}

function joined(folder: string, name: string): string {
  return folder === '.' || folder === './' ? name : `${folder.replace(/\/$/, '')}/${name}`;
}
