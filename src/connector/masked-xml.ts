import { DOTS } from './redactor.ts';
import { isSensitiveName } from './sensitive-name.ts';

/**
 * XML text with dots for the text of sensitive elements and for sensitive attributes, and otherwise as it was written. Does
 * not need the text to be whole or right. Takes time in proportion to the text: it is done for every answer that is XML or a
 * page, between two other things that this thread has to do.
 */
export function maskXmlText(text: string): string {
  return maskAttributes(maskElements(text));
}

/** What stands between `<name ...>` and `</`. */
function maskElements(text: string): string {
  let masked = '';
  let shownTo = 0;
  let tagEnd = -1;
  for (let start = text.indexOf('<'); start !== -1;) {
    const end = text.indexOf('<', start + 1);
    if (end === -1) break;
    if (tagEnd < start) tagEnd = text.indexOf('>', start);
    if (tagEnd === -1) break;
    const isContent = text.charCodeAt(end + 1) === SLASH && tagEnd < end - 1;
    if (isContent && isSensitiveName(elementName(text, start + 1)) && text.slice(tagEnd + 1, end).trim() !== '') {
      masked += text.slice(shownTo, tagEnd + 1) + DOTS;
      shownTo = end;
    }
    start = end;
  }
  return masked + text.slice(shownTo);
}

/** The local name; empty where no name and blank or end of the tag follow. */
function elementName(text: string, start: number): string {
  let end = start;
  while (end < text.length && !endsElementName(text.charCodeAt(end))) end++;
  const code = text.charCodeAt(end);
  return code === GREATER || isBlank(code) ? localName(text.slice(start, end)) : '';
}

/** `name="value"` and `name='value'`, wherever they stand; a value holds no `<`. */
function maskAttributes(text: string): string {
  let masked = '';
  let shownTo = 0;
  let nextTag = text.indexOf('<');
  for (let equals = text.indexOf('='); equals !== -1;) {
    const open = afterBlanks(text, equals + 1);
    const code = text.charCodeAt(open);
    const close = code === DOUBLE || code === SINGLE ? text.indexOf(text.charAt(open), open + 1) : -1;
    if (nextTag !== -1 && nextTag < open) nextTag = text.indexOf('<', open);
    const isValue = close > open + 1 && (nextTag === -1 || nextTag > close);
    const nameEnd = isValue ? beforeBlanks(text, equals) : 0;
    const nameStart = isValue ? startOfName(text, nameEnd) : 0;
    if (nameStart < nameEnd && isSensitiveName(localName(text.slice(nameStart, nameEnd)))) {
      masked += `${text.slice(shownTo, nameEnd)}="${DOTS}"`;
      shownTo = close + 1;
    }
    equals = text.indexOf('=', nameStart < nameEnd ? close + 1 : equals + 1);
  }
  return masked + text.slice(shownTo);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const [DOUBLE, SINGLE, SLASH, LESS, EQUALS, GREATER] = [0x22, 0x27, 0x2f, 0x3c, 0x3d, 0x3e];
const [EXCLAMATION, QUESTION] = [0x21, 0x3f];

function afterBlanks(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function beforeBlanks(text: string, end: number): number {
  let at = end;
  while (isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

function startOfName(text: string, end: number): number {
  let at = end;
  while (at > 0 && !endsAttributeName(text.charCodeAt(at - 1))) at--;
  return at;
}

function endsElementName(code: number): boolean {
  const isSign = code === GREATER || code === LESS || code === SLASH || code === EXCLAMATION || code === QUESTION;
  return isSign || isBlank(code);
}

function endsAttributeName(code: number): boolean {
  const isSign = code === LESS || code === GREATER || code === DOUBLE || code === SINGLE || code === EQUALS;
  return isSign || isBlank(code);
}

const NO_BREAK_SPACE = 0xa0;
/** What `\s` means beyond ASCII. */
const WIDE_BLANKS: ReadonlySet<number> = new Set(
  [
    ...'\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff',
  ].map((blank) => blank.charCodeAt(0)),
);

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= NO_BREAK_SPACE && WIDE_BLANKS.has(code));
}
