import type { Random } from './random.ts';

/** Texts that have broken programs before: quotes, markup, encodings, names with a meaning, numbers at an edge. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '0',
  '-0',
  '1e999',
  '9007199254740993',
  '0x10',
  'NaN',
  'null',
  'undefined',
  'true',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../etc/passwd',
  '..',
  '.',
  '/',
  '\\',
  '%2F',
  '%00',
  '%',
  'a&b=c',
  'a?b#c',
  'a+b c',
  '"',
  "'",
  '`',
  '\\"',
  "\\'",
  '{',
  '}',
  '{{',
  '{=',
  '{record.x}',
  '{= 1 }',
  '${x}',
  '$(x)',
  '<',
  '>',
  '&',
  '&amp;',
  '&lt;a&gt;',
  '&#0;',
  '&#xD800;',
  '<a b="c">',
  '</a>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?x?>',
  '<!DOCTYPE a [<!ENTITY b "b">]>',
  '\r\nX-Injected: 1',
  '\n',
  '\r',
  '\t',
  '\u0000',
  '\u0001',
  '\u007F',
  '\u0085',
  '\u00A0',
  '\u2028',
  '\u2029',
  '\u202E',
  '\u200B',
  '\uFEFF',
  '\uFFFE',
  '\uFFFF',
  '\uD800',
  '\uDC00',
  '\uD83D\uDD29',
  'e\u0301',
  '\u017F',
  '\u212A',
  '\u0130',
  'ß',
  '螺栓',
  'עברית',
  '２',
  '’',
  '＇',
];

const RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x7e],
  [0x20, 0x7e],
  [0x20, 0x7e],
  [0x00, 0x1f],
  [0x80, 0x2ff],
  [0x2000, 0x206f],
  [0x4e00, 0x4fff],
  [0xd800, 0xdfff],
  [0xff00, 0xffff],
  [0x1f300, 0x1f6ff],
];

/** Characters of one or several alphabets, halves of surrogate pairs among them. */
export function randomText(random: Random, longest = 80): string {
  const length = random.below(random.oneIn(50) ? longest * 20 : longest);
  const ranges = random.oneIn(2) ? [random.pick(RANGES)] : RANGES;
  let text = '';
  while (text.length < length) {
    const [first, last] = random.pick(ranges);
    text += String.fromCodePoint(random.between(first, last));
  }
  return text;
}

/** A hostile text, a random one, or several in a row. */
export function hostileText(random: Random): string {
  if (random.oneIn(4)) return randomText(random, 20);
  if (random.oneIn(4)) return random.pick(HOSTILE_TEXTS) + random.pick(HOSTILE_TEXTS) + randomText(random, 5);
  return random.pick(HOSTILE_TEXTS);
}
