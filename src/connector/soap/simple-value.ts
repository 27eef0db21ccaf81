import type { Json } from '../../core/json.ts';
import type { SimpleType } from './type-model.ts';

const INTEGERS = new Set([
  'integer',
  'int',
  'long',
  'short',
  'byte',
  'nonPositiveInteger',
  'negativeInteger',
  'nonNegativeInteger',
  'positiveInteger',
  'unsignedLong',
  'unsignedInt',
  'unsignedShort',
  'unsignedByte',
]);
const FLOATS = new Set(['float', 'double']);
/** Types in which every blank counts. */
const VERBATIM = new Set(['string', 'normalizedString', 'anyURI']);
const DECIMAL_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/u;
const LEADING_NUMBER = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/u;

/** The text of a value in a message, and what it was changed from when that is more than a matter of spelling. */
export interface SimpleText {
  readonly text: string;
  readonly changed?: string;
}

/** A single value as its type is written (XML Schema part 2). Text that is no number is sent as far as it is one, else as 0. */
export function writeSimple(value: string | number | boolean, type: SimpleType): SimpleText {
  if (type.base === 'boolean') return { text: isTrue(value) ? 'true' : 'false' };
  const text = typeof value === 'boolean' ? (value ? '1' : '') : String(value);
  if (type.isList) return { text };
  if (INTEGERS.has(type.base)) return writeNumber(text, (found) => integerText(found));
  if (FLOATS.has(type.base)) return writeNumber(text, (found) => floatText(found));
  if (type.base === 'base64Binary' || type.base === 'base64') return { text: Buffer.from(text).toString('base64') };
  if (type.base === 'hexBinary') return { text: Buffer.from(text).toString('hex').toUpperCase() };
  return { text };
}

function isTrue(value: string | number | boolean): boolean {
  if (typeof value !== 'string') return Boolean(value);
  return !['', '0', 'false'].includes(value.trim().toLowerCase());
}

function writeNumber(text: string, write: (found: string) => string): SimpleText {
  if (/^\s*[+-]?INF\s*$|^\s*NaN\s*$/u.test(text)) return { text: text.trim() };
  const found = LEADING_NUMBER.exec(text)?.[0].trim() ?? '';
  const written = found === '' ? '0' : write(found);
  const isWhole = found === text.trim() && (found === '' || Number(written) === Number(found));
  return isWhole ? { text: written } : { text: written, changed: text };
}

function integerText(found: string): string {
  if (/^[+-]?\d+$/u.test(found)) return found.replace(/^\+/u, '');
  const whole = Math.trunc(Number(found));
  return Number.isFinite(whole) ? BigInt(whole).toString() : '0';
}

function floatText(found: string): string {
  const number = Number(found);
  return Number.isFinite(number) ? String(number) : number > 0 ? 'INF' : '-INF';
}

/** A text of a message as a value of its type. Numbers that JavaScript cannot hold stay text, as do decimals and dates. */
export function readSimple(text: string, type: SimpleType): Json {
  if (VERBATIM.has(type.base) && !type.isList) return text;
  const trimmed = text.trim().replaceAll(/[ \t\r\n]+/gu, ' ');
  if (type.isList) return trimmed;
  if (type.base === 'boolean') return trimmed === 'true' || trimmed === '1' ? true : isFalse(trimmed) ? false : trimmed;
  if (INTEGERS.has(type.base) || FLOATS.has(type.base)) return readNumber(trimmed);
  if (type.base === 'base64Binary' || type.base === 'base64') return binaryText(trimmed, 'base64');
  if (type.base === 'hexBinary') return binaryText(trimmed, 'hex');
  return trimmed;
}

function readNumber(written: string): Json {
  const number = Number(written);
  const isSafe = Number.isSafeInteger(number) || !/^[+-]?\d+$/u.test(written);
  return DECIMAL_NUMBER.test(written) && Number.isFinite(number) && isSafe ? number : written;
}

function isFalse(text: string): boolean {
  return text === 'false' || text === '0';
}

/** Bytes that are text as that text, others as they were written. */
function binaryText(written: string, encoding: 'base64' | 'hex'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(written, encoding));
  } catch {
    return written;
  }
}
