// Draws in a worker, which is terminated if a layout takes too long.

import type { GraphReport } from 'vaultmoat';

export interface ToDraw {
  readonly id: number;
  readonly as: 'svg' | 'mermaid';
  readonly report: GraphReport;
}

export type Drawn = { readonly id: number; readonly text: string } | { readonly id: number; readonly error: string };

const TIMEOUT = 10_000;
let worker: Worker | undefined;
let ids = 0;

/** A graph report as SVG or as Mermaid. */
export function draw(report: GraphReport, as: ToDraw['as'] = 'svg'): Promise<string> {
  worker ??= new Worker(new URL('./drawing.worker.ts', import.meta.url), { type: 'module' });
  const drawing = worker;
  const id = ids++;
  return new Promise((resolve, reject) => {
    const done = (run: () => void): void => {
      clearTimeout(timer);
      drawing.removeEventListener('message', answered);
      run();
    };
    const answered = ({ data }: MessageEvent<Drawn>): void => {
      if (data.id !== id) return;
      done(() => ('text' in data ? resolve(data.text) : reject(new Error(data.error))));
    };
    const timer = setTimeout(() => {
      drawing.terminate();
      if (worker === drawing) worker = undefined;
      done(() => reject(new Error('the layout of the picture takes too long')));
    }, TIMEOUT);
    drawing.addEventListener('message', answered);
    drawing.postMessage({ id, as, report } satisfies ToDraw);
  });
}
