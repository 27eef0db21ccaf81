import { MapwrightError } from '../../core/error.ts';
import { ByteCursor } from './byte-cursor.ts';
import type { PhpArray, PhpObject, PhpValue } from './php-value.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_DEPTH = 100;
const MAX_VALUES = 100_000;

/** What a reference leads to while the value is still being read. */
const UNFINISHED = Symbol('unfinished');

interface Reading {
  readonly cursor: ByteCursor;
  /** Every value in the order in which it begins, for references: PHP counts them from 1, array keys left out. */
  readonly slots: (PhpValue | typeof UNFINISHED)[];
}

/**
 * The value of a text that PHP's `serialize` wrote. Nothing in it is run or looked up: objects are their data.
 * Throws IMPORT_PHP_INVALID for a text that PHP would not read either, IMPORT_PHP_REFUSED for what only PHP code could make
 * sense of, and IMPORT_PHP_TOO_LARGE for more than 4 MiB, 100,000 values, or 100 levels.
 */
export function readPhp(text: string): PhpValue {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MAX_BYTES) throw tooLarge('4 MiB');
  const reading: Reading = { cursor: new ByteCursor(bytes), slots: [] };
  if (!text.isWellFormed()) throw reading.cursor.invalid('it holds half of a surrogate pair');
  const value = readValue(reading, 0);
  if (reading.cursor.left === 0) return value;
  throw reading.cursor.invalid('something follows the value');
}

function readValue(reading: Reading, depth: number): PhpValue {
  const { cursor, slots } = reading;
  if (depth > MAX_DEPTH) throw tooLarge(`${MAX_DEPTH} levels`);
  const at = cursor.at;
  const tag = cursor.take();
  if (tag === 'R') return readReference(reading, tag);
  const slot = slots.push(UNFINISHED) - 1;
  if (slot >= MAX_VALUES) throw tooLarge(`${MAX_VALUES} values`);
  const value = readTagged(reading, { tag, at, depth });
  slots[slot] = value;
  return value;
}

function readTagged(
  reading: Reading,
  { tag, at, depth }: { readonly tag: string; readonly at: number; readonly depth: number },
): PhpValue {
  const { cursor } = reading;
  if (tag === 'N') {
    cursor.expect(';');
    return null;
  }
  if (tag === 'r') return readReference(reading, tag);
  cursor.expect(':');
  switch (tag) {
    case 'b':
      return readBoolean(cursor);
    case 'i':
      return readInteger(cursor);
    case 'd':
      return readFloat(cursor);
    case 's': {
      const text = cursor.quoted(cursor.length());
      cursor.expect(';');
      return text;
    }
    case 'a':
      return readArray(reading, depth);
    case 'O':
      return readObject(reading, depth);
    case 'C':
    case 'E':
    case 'S':
      throw refused(tag);
    default:
      throw cursor.invalid(`no value begins with "${tag}"`, at);
  }
}

function readBoolean(cursor: ByteCursor): boolean {
  const text = cursor.until(';');
  if (text !== '0' && text !== '1') throw cursor.invalid(`"${text}" is neither true nor false`);
  return text === '1';
}

function readInteger(cursor: ByteCursor): number | string {
  const text = cursor.until(';');
  if (!/^[+-]?\d{1,20}$/u.test(text)) throw cursor.invalid(`"${text}" is no whole number`);
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

function readFloat(cursor: ByteCursor): number | string {
  const text = cursor.until(';');
  // JSON has none of these: they stay what PHP prints.
  if (/^(?:-?INF|NAN)$/u.test(text)) return text;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u.test(text)) return Number(text);
  throw cursor.invalid(`"${text}" is no number`);
}

function readArray(reading: Reading, depth: number): PhpArray {
  const { cursor } = reading;
  const count = cursor.length();
  cursor.expect('{');
  const entries = new Map<string, PhpValue>();
  for (let index = 0; index < count; index++) entries.set(readKey(cursor), readValue(reading, depth + 1));
  cursor.expect('}');
  return { kind: 'array', entries };
}

/** A key is no value: it has no number among the references. */
function readKey(cursor: ByteCursor): string {
  const at = cursor.at;
  const tag = cursor.take();
  cursor.expect(':');
  if (tag === 'i') return String(readInteger(cursor));
  if (tag !== 's') throw cursor.invalid(`a key begins with "${tag}"`, at);
  const key = cursor.quoted(cursor.length());
  cursor.expect(';');
  return key;
}

function readObject(reading: Reading, depth: number): PhpObject {
  const { cursor } = reading;
  const className = cursor.quoted(cursor.length());
  if (!/^[A-Za-z_\u0080-\u{10ffff}][\w\\\u0080-\u{10ffff}]*$/u.test(className)) {
    throw cursor.invalid('an object has no class name');
  }
  cursor.expect(':');
  const count = cursor.length();
  cursor.expect('{');
  const properties = new Map<string, PhpValue>();
  for (let index = 0; index < count; index++) {
    properties.set(propertyName(readKey(cursor)), readValue(reading, depth + 1));
  }
  cursor.expect('}');
  return { kind: 'object', className, properties };
}

/** Protected properties are written `\0*\0name`, private ones `\0Class\0name`. */
function propertyName(key: string): string {
  const end = key.startsWith('\u0000') ? key.indexOf('\u0000', 1) : -1;
  return key.slice(end + 1);
}

/** The value that was read under that number: `R` the same one, `r` the same object. */
function readReference({ cursor, slots }: Reading, tag: 'R' | 'r'): PhpValue {
  cursor.expect(':');
  const text = cursor.until(';');
  const found = /^[1-9]\d{0,8}$/u.test(text) ? slots[Number(text) - 1] : undefined;
  if (found === undefined) throw cursor.invalid(`there is no value number ${text}`);
  if (found === UNFINISHED) throw refused('cycle');
  if (tag === 'r' && !(typeof found === 'object' && found?.kind === 'object')) {
    throw cursor.invalid(`value number ${text} is no object`);
  }
  return found;
}

const REASONS = {
  C: 'an object with a form of its own, which only the code of its class can read',
  E: 'a case of an enumeration, whose value only the code of its class knows',
  S: 'a text in the form of PHP 6, which no coreBOS wrote',
  cycle: 'a value that contains itself',
} as const;

function refused(what: keyof typeof REASONS): MapwrightError {
  return new MapwrightError('IMPORT_PHP_REFUSED', `it holds ${REASONS[what]}`, {
    hint: 'save the task again in coreBOS, and export it after that; or write it anew',
  });
}

function tooLarge(limit: string): MapwrightError {
  return new MapwrightError('IMPORT_PHP_TOO_LARGE', `a serialized value has more than ${limit}`, {
    hint: 'this is no task; see which file was exported',
  });
}
