// What is read along with a file: what stands beside it, and what it refers to. Hosts say where texts are.

import type { Project } from './engine.js';
import type { Report } from './types.js';

/** The endings of files that can be ours. */
export const EXTENSION = /\.(json|jsonc|ndjson|bicep|bicepparam|tf|tofu|tfvars)$/i;
/** Bicep parameter files. */
export const PARAMETERS = /\.bicepparam$/i;
/** Files of a Terraform module. */
export const MODULE = /\.(tf|tofu)(\.json)?$/i;
/** Files of a Terraform module, and those that give its variables their values. */
export const BESIDE = /\.(tf|tofu|tfvars)(\.json)?$/i;

type Awaitable<T> = T | Promise<T>;

/** The files that a host can hand to a project. */
export interface Files {
  /** Whether the project has it already. */
  has(path: string): boolean;
  /** Whether there is such a file. */
  isFile(path: string): Awaitable<boolean>;
  /** Names of the files in a folder, in order; none where there is no such folder. */
  names(folder: string): Awaitable<readonly string[]>;
  /** Hands a file over if it is one of ours. */
  offer(path: string): Awaitable<void>;
  /** Hands a file over whatever it is, as the one of that path. */
  hand(path: string, file: string): Awaitable<void>;
  /** The compiled module that Bicep's cache has for a reference such as `br:…`. */
  restored(reference: string): Awaitable<string | undefined>;
  /** The nearest file like this one, in its folder or above it. */
  nearest(path: string): Awaitable<string | undefined>;
}

/** Offers what stands beside these files: the rest of a Terraform module, and parameters. */
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

/** Paths of the parameter files that apply to a template because they stand beside it. */
export function parametersOf(path: string): string[] {
  return [path.replace(EXTENSION, '.parameters.json'), path.replace(/\.bicep$/i, '.bicepparam')];
}

/** Offers the files of a folder whose names are wanted. */
export async function offerFolder(folder: string, wanted: RegExp, files: Files): Promise<void> {
  for (const name of await files.names(folder)) {
    if (wanted.test(name)) await files.offer(joined(folder, name));
  }
}

/**
 * Checks, and hands over what the engine asks for until it asks for nothing new: linked templates, modules, and the
 * files that they read. `tried` holds what was asked for before.
 */
export async function checkWithReferences(project: Project, files: Files, tried = new Set<string>()): Promise<Report> {
  for (;;) {
    const report = project.check();
    const missing = report.missing.filter((path) => !tried.has(path));
    if (missing.length === 0) return report;
    for (const path of missing) {
      tried.add(path);
      if (path.endsWith('/')) await offerFolder(path, MODULE, files);
      else await handReference(path, files);
    }
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

/** Whether the engine asks for a module in a registry, not for a file. */
export function isModule(path: string): boolean {
  return /^(br|ts)(\/[^/:]*)?:/.test(path);
}

/** The folder of a path; `.` where it names none. */
export function folderOf(path: string): string {
  const at = path.replaceAll('\\', '/').lastIndexOf('/');
  return at < 0 ? '.' : path.slice(0, Math.max(at, 1));
}

function joined(folder: string, name: string): string {
  return folder === '.' || folder === './' ? name : `${folder.replace(/\/$/, '')}/${name}`;
}
