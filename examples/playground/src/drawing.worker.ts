// Lays out pictures in a worker, so that typing never waits for a layout.

import type { GraphReport } from 'vaultmoat';
import { toMermaid, toSvg } from 'vaultmoat/graph';
import type { Drawn, ToDraw } from './drawing.js';

addEventListener('message', async ({ data: { id, as, report } }: MessageEvent<ToDraw>) => {
  let drawn: Drawn;
  try {
    drawn = { id, text: as === 'svg' ? await toSvg(report as GraphReport) : toMermaid(report as GraphReport) };
  } catch (error) {
    drawn = { id, error: error instanceof Error ? error.message : String(error) };
  }
  postMessage(drawn);
});
