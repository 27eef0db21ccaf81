import { createHash } from 'node:crypto';
import type { Json } from '../core/json.ts';
import type { ParameterEncoding } from '../document/map.ts';
import { toPlainText } from '../expression/plain-text.ts';
import { escapeFormValue } from '../expression/escape.ts';

/** The value in its last form. Digests are lower-case hexadecimal of the UTF-8 text. */
export function encodeValue(value: Json, encoding: ParameterEncoding): string {
  if (encoding === 'json') return JSON.stringify(value);
  if (encoding === 'form') return encodeForm(value);
  const bytes = Buffer.from(toPlainText(value), 'utf8');
  if (encoding === 'base64' || encoding === 'hex') return bytes.toString(encoding);
  return createHash(encoding).update(bytes).digest('hex');
}

/** `a=1&b=2` for an object, lists repeated; the escaped text for anything else. */
function encodeForm(value: Json): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return escapeFormValue(toPlainText(value));
  return Object.entries(value)
    .flatMap(([name, member]) => (Array.isArray(member) ? member : [member]).map((item: Json) => [name, item] as const))
    .map(([name, item]) => `${escapeFormValue(name)}=${escapeFormValue(toPlainText(item))}`)
    .join('&');
}
