// A graph report as a picture: pure functions of it, without the engine.

import { refuseUnknown } from '../options.js';
import type { GraphReport } from '../types.js';

export { toDot } from './dot.js';
export { toMermaid } from './mermaid.js';

/** How an SVG is written. */
export interface SvgOptions {
  /** Whether it brings its style sheet; a page may have one of its own, and a policy that refuses others. Default: true. */
  readonly style?: boolean | undefined;
}

/** As SVG; a RangeError for what is too large to be laid out. What lays it out is loaded when it is first asked for. */
export async function toSvg(report: GraphReport, options: SvgOptions = {}): Promise<string> {
  refuseUnknown(options, ['style']);
  return (await import('./svg.js')).toSvg(report, options.style);
}
