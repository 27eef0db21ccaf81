/** One line of a difference: of the old text only, of the new text only, or of both. */
export interface DiffLine {
  readonly kind: 'removed' | 'added' | 'same';
  readonly text: string;
}

/** A stretch of a difference: changed lines with some lines around them. */
export interface DiffHunk {
  /** Where it begins in the old text; lines count from 1. */
  readonly oldStart: number;
  /** Where it begins in the new text. */
  readonly newStart: number;
  readonly lines: readonly DiffLine[];
}

/** What differs between two texts; `too-long` when it was not compared, with the number of lines of each. */
export type LineDiff =
  | { readonly kind: 'equal' }
  /** The lines are the same, their ends are not (`\n` and `\r\n`, or none after the last). */
  | { readonly kind: 'line-ends' }
  | { readonly kind: 'hunks'; readonly hunks: readonly DiffHunk[] }
  | { readonly kind: 'too-long'; readonly before: number; readonly after: number };

const MAX_LINES = 5000;
/** Beyond so many differing lines what lies between the first and the last of them counts as replaced altogether. */
const MAX_EDITS = 1500;
const CONTEXT_LINES = 3;

/** Compares two texts line by line. Takes time and memory bounded by the limits above, whatever the texts are. */
export function diffLines(before: string, after: string): LineDiff {
  if (before === after) return { kind: 'equal' };
  const old = linesOf(before);
  const now = linesOf(after);
  if (Math.max(old.length, now.length) > MAX_LINES) {
    return { kind: 'too-long', before: old.length, after: now.length };
  }
  const hunks = hunksOf(compareLines(old, now));
  return hunks.length === 0 ? { kind: 'line-ends' } : { kind: 'hunks', hunks };
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/u);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function compareLines(old: readonly string[], now: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, now.length) - head;
  while (tail < most && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  return [
    ...all('same', old.slice(0, head)),
    ...compareMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...all('same', old.slice(old.length - tail)),
  ];
}

function all(kind: DiffLine['kind'], lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ kind, text }));
}

/**
 * The shortest edit after E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986): for each number of
 * edits, how far down the old text each diagonal can be followed.
 */
function compareMiddle(old: readonly string[], now: readonly string[]): DiffLine[] {
  const edits = Math.min(old.length + now.length, MAX_EDITS);
  const reached: Int32Array[] = [];
  let furthest = new Int32Array(2 * edits + 3);
  for (let edit = 0; edit <= edits; edit++) {
    const next = furthest.slice();
    reached.push(furthest);
    for (let diagonal = -edit; diagonal <= edit; diagonal += 2) {
      const at = edits + 1 + diagonal;
      let x = isInsertion(furthest, at, diagonal, edit) ? (furthest[at + 1] ?? 0) : (furthest[at - 1] ?? 0) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++;
      next[at] = x;
      if (x >= old.length && x - diagonal >= now.length) return traceBack({ old, now, reached, edits });
    }
    furthest = next;
  }
  return [...all('removed', old), ...all('added', now)];
}

function isInsertion(furthest: Int32Array, at: number, diagonal: number, edit: number): boolean {
  return diagonal === -edit || (diagonal !== edit && (furthest[at - 1] ?? 0) < (furthest[at + 1] ?? 0));
}

interface Trace {
  readonly old: readonly string[];
  readonly now: readonly string[];
  readonly reached: readonly Int32Array[];
  readonly edits: number;
}

function traceBack({ old, now, reached, edits }: Trace): DiffLine[] {
  const lines: DiffLine[] = [];
  let x = old.length;
  let y = now.length;
  for (let edit = reached.length - 1; edit >= 0; edit--) {
    const furthest = reached[edit] ?? new Int32Array();
    const diagonal = x - y;
    const at = edits + 1 + diagonal;
    const inserted = isInsertion(furthest, at, diagonal, edit);
    const fromX = edit === 0 ? 0 : (furthest[inserted ? at + 1 : at - 1] ?? 0);
    const fromY = edit === 0 ? 0 : fromX - (inserted ? diagonal + 1 : diagonal - 1);
    for (; x > fromX && y > fromY; x--, y--) lines.push({ kind: 'same', text: old[x - 1] ?? '' });
    if (edit === 0) break;
    lines.push(inserted ? { kind: 'added', text: now[--y] ?? '' } : { kind: 'removed', text: old[--x] ?? '' });
  }
  return lines.toReversed();
}

function hunksOf(lines: readonly DiffLine[]): DiffHunk[] {
  const shown = lines.map(() => false);
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== 'same') shown.fill(true, Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1);
  }
  const hunks: { oldStart: number; newStart: number; lines: DiffLine[] }[] = [];
  let [oldLine, newLine] = [1, 1];
  for (const [index, line] of lines.entries()) {
    if (shown[index] === true) {
      if (shown[index - 1] !== true) hunks.push({ oldStart: oldLine, newStart: newLine, lines: [] });
      hunks.at(-1)?.lines.push(line);
    }
    if (line.kind !== 'added') oldLine++;
    if (line.kind !== 'removed') newLine++;
  }
  return hunks;
}
