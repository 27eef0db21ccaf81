import { DOTS } from './redactor.ts';
import { isSensitiveName } from './sensitive-name.ts';

/** A JSON string, also one that the text's end cuts off; a number or word; a sign. */
const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[^\s{}[\],:"]+|[{}[\],:]/gsu;

/**
 * JSON text with dots for the values of sensitive members, and otherwise as it was written. Does not need the text to be
 * whole or right: it reads tokens, not values.
 */
export function maskJsonText(text: string): string {
  let masked = '';
  let shownTo = 0;
  let name: string | undefined;
  let isMasking = false;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(JSON_TOKEN)) {
    if (isMasking) {
      depth += token === '{' || token === '[' ? 1 : token === '}' || token === ']' ? -1 : 0;
      if (depth > 0) continue;
      isMasking = false;
      const end = depth < 0 ? index : index + token.length;
      masked += maskedValue(text.slice(shownTo, end));
      shownTo = end;
      depth = 0;
    } else if (token === ':' && name !== undefined && isSensitiveName(name)) {
      masked += text.slice(shownTo, index + 1);
      shownTo = index + 1;
      isMasking = true;
    }
    name = token.startsWith('"') ? unquoted(token) : undefined;
  }
  const rest = text.slice(shownTo);
  return masked + (isMasking && rest.trim() !== '' ? `"${DOTS}"` : rest);
}

/** Keeps the blanks before the value, and values that hold nothing. */
function maskedValue(value: string): string {
  const blanks = /^\s*/u.exec(value)?.[0] ?? '';
  return /^\s*(?:null|"")?$/u.test(value) ? value : `${blanks}"${DOTS}"`;
}

/** A member's name; what cannot be read as a JSON string is taken as it stands. */
function unquoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1);
  }
}

/** Form-encoded text (also a URL's query) with dots for sensitive parameters, and for sensitive members of JSON in the others. */
export function maskFormText(text: string): string {
  return text.split('&').map(maskPair).join('&');
}

function maskPair(pair: string): string {
  const equals = pair.indexOf('=');
  if (equals === -1) return pair;
  const value = pair.slice(equals + 1);
  if (value === '') return pair;
  const start = pair.slice(0, equals + 1);
  if (isSensitiveName(decoded(start.slice(0, -1)))) return start + DOTS;
  const json = decoded(value);
  if (!/^\s*[[{]/u.test(json)) return pair;
  const masked = maskJsonText(json);
  return masked === json ? pair : start + encodeURIComponent(masked).replaceAll(encodeURIComponent(DOTS), DOTS);
}

/** A URL with its query masked. */
export function maskUrl(url: string): string {
  const question = url.indexOf('?');
  return question === -1 ? url : url.slice(0, question + 1) + maskFormText(url.slice(question + 1));
}

/** XML text with dots for the text of sensitive elements and for sensitive attributes. */
export function maskXmlText(text: string): string {
  return text
    .replaceAll(
      /<([^\s<>/!?]+)(\s[^<>]*)?>([^<]+)(?=<\/)/gu,
      (whole, name: string, attributes: string | undefined, content: string) =>
        isSensitiveName(localName(name)) && content.trim() !== '' ? `<${name}${attributes ?? ''}>${DOTS}` : whole,
    )
    .replaceAll(/(?<![^\s<>"'=])([^\s<>"'=]+)\s*=\s*(?:"[^"<]+"|'[^'<]+')/gu, (whole, name: string) =>
      isSensitiveName(localName(name)) ? `${name}="${DOTS}"` : whole,
    );
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Percent-decoded as far as it can be. */
function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
