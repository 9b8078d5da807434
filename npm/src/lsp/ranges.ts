// Ranges of reports and of the Language Server Protocol.

import type { Position, Range } from 'vscode-languageserver';
import type { Range as ReportRange } from '../types.js';

/** A range without its offsets. */
export function plain({ start, end }: ReportRange): Range {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}

/** Whether two ranges overlap or touch. */
export function touches(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

/** Whether a position is in a range, including its ends. */
export function contains({ start, end }: Range, position: Position): boolean {
  return !isBefore(position, start) && !isBefore(end, position);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
