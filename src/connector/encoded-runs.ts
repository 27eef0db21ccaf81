/** A part of a text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const EQUALS = 61;
const PERCENT = 37;

/** By character code: what base64, base64url and hex write. */
const WRITTEN = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-') {
  WRITTEN[character.charCodeAt(0)] = 1;
}

/**
 * The stretches of at least `least` characters that base64 or hex could have written, some of it percent-encoded.
 * What stands before a `=` is no part of what follows it: base64 has that sign at its end only. One pass over the text.
 */
export function encodedRuns(text: string, least: number): Stretch[] {
  const runs: Stretch[] = [];
  let start = 0;
  while (start < text.length) {
    const end = endOfRun(text, start);
    if (end - start >= least && end > start) runs.push({ start, end });
    start = end === start ? start + 1 : end;
  }
  return runs;
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
