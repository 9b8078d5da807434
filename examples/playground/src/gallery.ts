// The example templates of the repository, in one chunk that is loaded on demand.

const texts: Record<string, string> = import.meta.glob('../../templates/**/*.{json,bicep,bicepparam,tf}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Directories whose files belong together. */
const TOGETHER = /^(linked|modules|articles\/endpoint-without-link)\//;

export interface Example {
  readonly title: string;
  readonly files: readonly (readonly [path: string, text: string])[];
}

/** Examples by title, grouped by directory. */
export function examples(): Example[] {
  const byTitle = new Map<string, [string, string][]>();
  for (const [url, text] of Object.entries(texts)) {
    const path = url.replace('../../templates/', '');
    const title = TOGETHER.exec(path)?.[1] ?? path;
    byTitle.set(title, [...(byTitle.get(title) ?? []), [path.slice(path.lastIndexOf('/') + 1), text]]);
  }
  return [...byTitle].map(([title, files]) => ({ title, files }));
}
