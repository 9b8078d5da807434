// Finds registry modules in Bicep's cache.

/** The file that can set the folder of the cache. */
export const CONFIG = 'bicepconfig.json';

export interface Cache {
  /** Names of the folders in a folder of the cache; none if there is no such folder. */
  folders(folder: string): readonly string[] | Promise<readonly string[]>;
}

/** The path of a reference's compiled module in a cache; undefined if it cannot be there. */
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
  // The part after `$` encodes which letters are capitals, for case-insensitive file systems.
  const name = (await cache.folders(folder)).find((name) => name.startsWith(`${version}$`));
  return name === undefined ? undefined : `${folder}/${name}/main.json`;
}

/** The cache folder in a bicepconfig.json. It may have comments, so it is searched, not parsed. */
export function cacheIn(text: string): string | undefined {
  const [, value] = /^\s*"cacheRootDirectory"\s*:\s*("(?:[^"\\]|\\.)*")/m.exec(text) ?? [];
  try {
    return value === undefined ? undefined : (JSON.parse(value) as string);
  } catch {
    return undefined;
  }
}
