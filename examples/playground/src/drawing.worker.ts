// Lays out pictures in a worker, so that typing never waits for a layout.

import { toMermaid, toSvg } from 'vaultmoat/graph';
import type { Drawn, ToDraw } from './drawing.js';

addEventListener('message', ({ data }: MessageEvent<ToDraw>) => void draw(data));

async function draw({ id, as, report }: ToDraw): Promise<void> {
  let drawn: Drawn;
  try {
    drawn = { id, text: as === 'svg' ? await toSvg(report) : toMermaid(report) };
  } catch (error) {
    drawn = { id, error: error instanceof Error ? error.message : String(error) };
  }
  postMessage(drawn);
}
