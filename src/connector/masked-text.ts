import { DOTS } from './redactor.ts';
import { isSensitiveName, mayHoldSensitiveName } from './sensitive-name.ts';

/** A JSON string, also one that the text's end cuts off, and the colon that makes it a name. */
const JSON_STRING = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)(\s*:)?/gsu;

/** The same string; a number or word; a sign. */
const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[^\s{}[\],:"]+|[{}[\],:]/gsu;

/**
 * JSON text with dots for the values of sensitive members, and otherwise as it was written. Does not need the text to be
 * whole or right: it reads tokens, not values.
 */
export function maskJsonText(text: string): string {
  if (!mayHoldSensitiveName(text)) return text;
  let masked = '';
  let shownTo = 0;
  const names = new RegExp(JSON_STRING);
  for (let found = names.exec(text); found !== null; found = names.exec(text)) {
    const [whole, colon] = found;
    if (colon === undefined || !isSensitiveName(unquoted(whole.slice(0, -colon.length)))) continue;
    const start = found.index + whole.length;
    const end = endOfValue(text, start);
    masked += text.slice(shownTo, start) + maskedValue(text.slice(start, end));
    shownTo = end;
    names.lastIndex = end;
  }
  return masked + text.slice(shownTo);
}

/** Just behind the JSON value that begins at `start`; in front of the bracket that closes what it stands in, when there is no value. */
function endOfValue(text: string, start: number): number {
  const tokens = new RegExp(JSON_TOKEN);
  tokens.lastIndex = start;
  let depth = 0;
  for (let found = tokens.exec(text); found !== null; found = tokens.exec(text)) {
    const [token] = found;
    depth += token === '{' || token === '[' ? 1 : token === '}' || token === ']' ? -1 : 0;
    if (depth < 0) return found.index;
    if (depth === 0) return tokens.lastIndex;
  }
  return text.length;
}

/** Keeps the blanks before the value, and values that hold nothing. */
function maskedValue(value: string): string {
  const blanks = /^\s*/u.exec(value)?.[0] ?? '';
  return /^\s*(?:null|"")?$/u.test(value) ? value : `${blanks}"${DOTS}"`;
}

/** A member's name; what cannot be read as a JSON string is taken as it stands. */
function unquoted(token: string): string {
  if (!token.includes('\\')) return token.slice(1, token.endsWith('"') ? -1 : undefined);
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
  if (!/^[\s+%[{]/u.test(value)) return pair;
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

/** Percent-decoded as far as it can be. */
function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
