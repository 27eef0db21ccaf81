import { MapwrightError } from '../core/error.ts';

/** How a value is written so that it stays one value where it stands. */
export type Escape = (value: string) => string;

function percentEncode(value: string): string {
  const hex = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(value.toWellFormed()).replace(/[!'()*]/gu, hex);
}

/**
 * For one segment of a URL path (RFC 3986 section 3.3). Throws PARAMETER_INVALID for `.` and `..`: they cannot be escaped
 * and would lead to another path.
 */
export function escapePathSegment(value: string): string {
  if (value === '.' || value === '..') {
    throw new MapwrightError('PARAMETER_INVALID', `"${value}" cannot stand in the path of a URL`);
  }
  return percentEncode(value);
}

/** For a name or value in a URL's query (RFC 3986 section 3.4). */
export function escapeQueryValue(value: string): string {
  return percentEncode(value);
}

/** For application/x-www-form-urlencoded (WHATWG URL Standard section 5.2). */
export function escapeFormValue(value: string): string {
  return percentEncode(value).replaceAll('%20', '+').replaceAll('%2A', '*').replaceAll('~', '%7E');
}

/** For the inside of a JSON string (RFC 8259 section 7). */
export function escapeJsonString(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

const XML_CHARACTERS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** For text and attribute values of XML 1.0. Throws PARAMETER_INVALID for a character that XML cannot carry. */
export function escapeXmlText(value: string): string {
  const unfit = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/u.exec(value);
  if (unfit !== null || !value.isWellFormed()) {
    const code = unfit?.[0].charCodeAt(0).toString(16) ?? 'half a surrogate pair';
    throw new MapwrightError('PARAMETER_INVALID', `XML cannot carry the character ${code}`);
  }
  return value.replace(/[&<>"'\t\n\r]/gu, (character) => XML_CHARACTERS[character] ?? character);
}

/** For headers: the value as it is. Throws PARAMETER_INVALID for line breaks and NUL (RFC 9110 section 5.5). */
export function refuseLineBreaks(value: string): string {
  if (/[\r\n\u0000]/u.test(value)) {
    throw new MapwrightError('PARAMETER_INVALID', 'a header value contains a line break');
  }
  return value;
}

/** The value as it is. */
export function noEscape(value: string): string {
  return value;
}
