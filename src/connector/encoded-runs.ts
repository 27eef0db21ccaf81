/** A part of a text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const EQUALS = 61;
const PERCENT = 37;

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-';

/** By character code: what base64, base64url and hex write. */
const WRITTEN = tableOf(SIGNS);
/** The same, and what else may stand in a run. */
const IN_RUN = tableOf(`${SIGNS}=%`);

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/**
 * The stretches of at least `least` characters that base64 or hex could have written, some of it percent-encoded.
 * What stands before a `=` is no part of what follows it: base64 has that sign at its end only. Looks at few characters of
 * a text that has none.
 */
export function encodedRuns(text: string, least: number): Stretch[] {
  const runs: Stretch[] = [];
  const length = Math.max(1, least);
  let start = 0;
  while (start + length <= text.length) {
    // From behind: what stands before a character of no run needs no look.
    let first = start + length;
    while (first > start && isInRun(text, first - 1)) first--;
    if (first > start) start = first;
    else start = addRuns(text, { start, least: length, runs });
  }
  return runs;
}

/** Adds the runs of the characters that follow each other from `start` on; gives where they end. */
function addRuns(text: string, params: { start: number; readonly least: number; readonly runs: Stretch[] }): number {
  const { least, runs } = params;
  let { start } = params;
  while (start < text.length && isInRun(text, start)) {
    const end = endOfRun(text, start);
    if (end - start >= least) runs.push({ start, end });
    start = end === start ? start + 1 : end;
  }
  return start;
}

function isInRun(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && IN_RUN[code] === 1;
}

function endOfRun(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code < 128 && WRITTEN[code] === 1) at++;
    else if (code === PERCENT && isEncodedSign(text, at)) at += 3;
    else break;
  }
  const padding = at === start ? 0 : paddingAt(text, at);
  return at + padding;
}

/** `%2B`, `%2F`, `%3D`: plus, slash and equals sign. */
function isEncodedSign(text: string, at: number): boolean {
  const first = text[at + 1];
  const second = text[at + 2];
  if (first === '2') return second === 'B' || second === 'F' || second === 'b' || second === 'f';
  return first === '3' && (second === 'D' || second === 'd');
}

function paddingAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== EQUALS) return 0;
  return text.charCodeAt(at + 1) === EQUALS ? 2 : 1;
}
