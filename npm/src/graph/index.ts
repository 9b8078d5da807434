// A graph report as a picture: pure functions of it, without the engine.

import type { GraphReport } from '../types.js';

export { toDot } from './dot.js';
export { toMermaid } from './mermaid.js';

/** As SVG; a RangeError for what is too large to be laid out. What lays it out is loaded when it is first asked for. */
export async function toSvg(report: GraphReport): Promise<string> {
  return (await import('./svg.js')).toSvg(report);
}
