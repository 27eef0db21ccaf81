/**
 * Columns of a terminal, not characters: how wide a text is, and how it is filled up, cut and folded to a width.
 * Wide are the characters whose East_Asian_Width is W or F (Unicode Standard Annex 11) and emoji.
 */

/** First and last code point of every stretch of wide characters that are not emoji. */
const WIDE_RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d37f],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

const PLAIN = /^[\x20-\x7e]*$/u;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const ELLIPSIS = '…';

let segmenter: Intl.Segmenter | undefined;

/** Made when a text needs it: that takes longer than most commands. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** How many columns of a terminal the text takes. Control characters take none: see {@link oneLine}. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  if (INVISIBLE.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  return isWide(grapheme.codePointAt(0) ?? 0) ? 2 : 1;
}

function isWide(codePoint: number): boolean {
  return codePoint >= 0x1100 && WIDE_RANGES.some(([first, last]) => codePoint >= first && codePoint <= last);
}

/** The text with blanks behind it up to `width` columns; a wider text is given as it is. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** The text with blanks before it up to `width` columns; a wider text is given as it is. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** The text in at most `width` columns: a wider one ends in `…`, and no character is halved. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return width < 1 ? '' : takeColumns(text, width - 1) + ELLIPSIS;
}

function takeColumns(text: string, width: number): string {
  // With the character behind it: that may belong to the one before.
  const start = text.slice(0, width + 1);
  if (PLAIN.test(start)) return start.slice(0, width);
  let taken = '';
  let left = width;
  for (const { segment } of graphemesOf(text)) {
    left -= graphemeWidth(segment);
    if (left < 0) break;
    taken += segment;
  }
  return taken;
}

/**
 * The text folded into lines of at most `width` columns, at blanks where there are any, else inside a word.
 * Line breaks of the text are kept; there is always at least one line.
 */
export function fold(text: string, width: number): string[] {
  return text.split(/\r\n|\r|\n/u).flatMap((line) => foldLine(line, Math.max(2, width)));
}

function foldLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  // No line is measured whole: it may be as long as a body.
  for (let head = takeColumns(rest, width); head.length < rest.length; head = takeColumns(rest, width)) {
    const blank = rest[head.length] === ' ' ? head.length : head.lastIndexOf(' ');
    // A blank near the start would leave a ragged line of little text, as in JSON or an address.
    const end = blank > head.length / 2 ? blank : head.length;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).replace(/^ /u, '');
  }
  return [...lines, rest];
}

/** The text without anything that moves the cursor: line breaks and control characters are written as escapes. */
export function oneLine(text: string): string {
  return text.replaceAll(UNPRINTABLE, escapeCharacter);
}

/** As {@link oneLine}, but tabs become blanks and line breaks are kept: for bodies and other texts of several lines. */
export function printable(text: string): string {
  return text
    .replaceAll('\t', '    ')
    .split(/\r\n|\r|\n/u)
    .map(oneLine)
    .join('\n');
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}
