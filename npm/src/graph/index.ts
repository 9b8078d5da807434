// Draws a graph report, without the engine.

import { refuseUnknown } from '../options.js';
import type { GraphReport } from '../types.js';

export { toDot } from './dot.js';
export { toMermaid } from './mermaid.js';

/** Options of `toSvg`. */
export interface SvgOptions {
  /** Whether to include a style sheet, which the content security policy of a page may refuse. Default: true. */
  readonly style?: boolean | undefined;
}

/** Converts to SVG. Throws a RangeError if the graph is too large for a layout. The layout library is loaded on demand. */
export async function toSvg(report: GraphReport, options: SvgOptions = {}): Promise<string> {
  refuseUnknown(options, ['style']);
  return (await import('./svg.js')).toSvg(report, options.style);
}
