// Modules from registries, as Bicep keeps them when it has restored them.

/** The file that may say where the cache is. */
export const CONFIG = 'bicepconfig.json';

/** What a cache has. */
export interface Cache {
  /** Names of the folders in a folder of the cache; none where there is no such folder. */
  folders(folder: string): readonly string[] | Promise<readonly string[]>;
}

/** Where in a cache the compiled module of a reference is, if it may be there. */
export async function lookUp(reference: string, cache: Cache): Promise<string | undefined> {
  const [, scheme, module, mark, version] = /^(br|ts):([^\\]+?)([:@])([\w.:-]+)$/.exec(reference) ?? [];
  if (module === undefined || version === undefined || scheme === undefined) return undefined;
  const parts = module.split('/');
  if ([...parts, version].some((part) => /^\.*$/.test(part))) return undefined;
  if (scheme === 'ts') {
    const folders = [...parts, version].map((part) => part.toLowerCase());
    return parts.length === 3 ? ['ts', ...folders, 'main.json'].join('/') : undefined;
  }
  const [registry = '', ...repository] = parts;
  const folder = `br/${registry.replaceAll(':', '$').toLowerCase()}/${repository.join('$')}`;
  if (mark === '@') return `${folder}/${version.replaceAll(':', '#')}/main.json`;
  // Behind the `$` stands which letters are capitals, for file systems that do not tell.
  const name = (await cache.folders(folder)).find((name) => name.startsWith(`${version}$`));
  return name === undefined ? undefined : `${folder}/${name}/main.json`;
}

/** What a configuration says of the cache's folder. There may be comments in it, so it is searched, not parsed. */
export function cacheIn(text: string): string | undefined {
  const [, value] = /^\s*"cacheRootDirectory"\s*:\s*("(?:[^"\\]|\\.)*")/m.exec(text) ?? [];
  try {
    return value === undefined ? undefined : (JSON.parse(value) as string);
  } catch {
    return undefined;
  }
}
