// Reads files and folders that are dropped or opened: those that can be templates, up to a limit.

const TEMPLATE = /\.(json|jsonc|bicep|bicepparam|tf|tofu|tfvars)$/i;
const MOST_FILES = 200;
const MOST_BYTES = 4 << 20;
/** The most files and folders to visit, in case a whole disk is dropped. */
const MOST_VISITED = 5000;
/** Folders of tools, which are skipped. */
const PASSED_OVER = new Set(['.git', '.terraform', 'node_modules']);

export interface Taken {
  readonly files: [path: string, text: string][];
  readonly leftOut: number;
}

/** Calls `take` with the files of each drop. */
export function acceptDrops(target: HTMLElement, take: (taken: Promise<Taken>) => void): void {
  target.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  target.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) document.body.classList.remove('dropping');
  });
  target.addEventListener(
    'drop',
    (event) => {
      document.body.classList.remove('dropping');
      const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file');
      if (items.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      // The list of items is empty after the first await.
      const entries = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
      take(read(entries));
    },
    { capture: true },
  );
}

/** Reads the files of an input. */
export function chosen(list: FileList): Promise<Taken> {
  return read([...list]);
}

async function read(entries: readonly (FileSystemEntry | File | null)[]): Promise<Taken> {
  const files: [string, string][] = [];
  let [bytes, leftOut, visited] = [0, 0, 0];
  const take = async (path: string, file: File): Promise<void> => {
    if (!TEMPLATE.test(path)) return;
    if (files.length >= MOST_FILES || bytes + file.size > MOST_BYTES) {
      leftOut++;
      return;
    }
    bytes += file.size;
    files.push([path, await file.text()]);
  };
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    if (PASSED_OVER.has(entry.name)) return;
    if (++visited > MOST_VISITED) {
      leftOut++;
      return;
    }
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      await take(entry.fullPath.replace(/^\//, ''), file);
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // A reader returns entries in batches; the last one is empty.
    for (;;) {
      const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (batch.length === 0 || visited > MOST_VISITED) return;
      for (const child of batch) await visit(child);
    }
  };
  for (const entry of entries) {
    if (entry instanceof File) await take(entry.webkitRelativePath || entry.name, entry);
    else if (entry !== null) await visit(entry);
  }
  return { files, leftOut };
}
