import { FORBIDDEN_CHARACTER } from './reference.ts';

const FORBIDDEN = new RegExp(FORBIDDEN_CHARACTER.source, 'gu');

/** Text as element content that reads back as the same text. Characters XML forbids become U+FFFD. */
export function escapeText(text: string): string {
  return escape(text, /[&<>\r]/gu);
}

/** Text for an attribute value in either kind of quotation marks, reading back as the same text. */
export function escapeAttribute(text: string): string {
  return escape(text, /[&<>"'\t\r\n]/gu);
}

/** The text with U+FFFD for every character that XML forbids, escaped or not: for comments. */
export function replaceForbidden(text: string): string {
  return text.replaceAll(FORBIDDEN, '\u{FFFD}');
}

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escape(text: string, special: RegExp): string {
  return replaceForbidden(text).replaceAll(
    special,
    (character) => NAMED[character] ?? `&#${character.codePointAt(0)};`,
  );
}
