import type { Position, Range } from '../core/diagnostic.ts';

/** Gives the place of an offset in a document. Offsets outside of it are taken as its start or end. */
export interface Positions {
  at(offset: number): Position;
}

/** The places of a text; `\r\n`, `\r` and `\n` end a line. Reads the text once, when it is first asked: of most, nobody asks. */
export function positionsOf(text: string): Positions {
  let known: readonly number[] | undefined;
  const end = text.length;
  return {
    at(wanted) {
      const lineStarts = (known ??= startsOfLines(text));
      const offset = Math.max(0, Math.min(wanted, end));
      const index = lastAtMost(lineStarts, offset);
      return { line: index + 1, column: offset - (lineStarts[index] ?? 0) + 1, offset };
    },
  };
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  if (text.includes('\r')) {
    for (const match of text.matchAll(/\r\n?|\n/gu)) starts.push(match.index + match[0].length);
  } else {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  }
  return starts;
}

/** The stretch between two offsets. */
export function rangeOf(positions: Positions, start: number, end: number): Range {
  return { start: positions.at(start), end: positions.at(end) };
}

/** The index of the last number that is not greater than `limit`; `sorted` ascends and starts at or below it. */
export function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
