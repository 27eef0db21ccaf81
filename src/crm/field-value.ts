import { fileIdIn } from '../core/file-store.ts';
import type { Json } from '../core/json.ts';
import { CHOICE_SEPARATOR, choicesOf } from '../core/module.ts';
import type { FieldDefinition, FieldType } from '../core/module.ts';
import type { RecordValue } from '../core/record.ts';
import { parseDate, parseDatetime, parseTime } from './calendar.ts';
import { parseDecimal, plainText } from './decimal.ts';
import type { Decimal } from './decimal.ts';

/** A value as its field keeps it, or what is wrong with what was given: a phrase that follows the field's name. */
export type FieldReading =
  | { readonly ok: true; readonly value: RecordValue }
  | { readonly ok: false; readonly problem: string };

const MOST_SIGNIFICANT_DIGITS = 15;
/** As the wire shows them. */
export const CURRENCY_DECIMALS = 6;
/** Powers of ten between which a number has to lie, so that its plain text stays short. */
const WIDEST_MAGNITUDE = 30;

/**
 * Converts what a client or a run gives to the value of a field of this type. Text and native JSON are both taken;
 * `""` and null are empty. Says nothing of length, choices or references: those are `checkFieldValue`'s and the record's.
 */
export function readFieldValue(type: FieldType, given: Json): FieldReading {
  if (given === null || given === '') return { ok: true, value: null };
  if (type === 'multipicklist' && Array.isArray(given)) return readChoiceList(given);
  if (type === 'file' && typeof given === 'object') return readFile(given);
  if (typeof given === 'object') return refuse('must be a single value, not a list or an object');
  if (typeof given === 'string' && (!given.isWellFormed() || given.includes('\u0000'))) {
    return refuse('holds characters that are no text (a NUL or half of a surrogate pair)');
  }
  return READERS[type](given);
}

/** What is wrong with a value of this field, as a phrase that follows the field's name; undefined when it is right. */
export function checkFieldValue(field: FieldDefinition, value: RecordValue): string | undefined {
  if (typeof value !== 'string') return undefined;
  const length = characters(value);
  if (field.length !== undefined && length > field.length) {
    return `is ${length} characters long; at most ${field.length} are kept`;
  }
  if (field.type === 'email' && !EMAIL.test(value)) return `is not an e-mail address: ${quote(value)}`;
  if (field.type === 'url' && !isUrl(value)) return `is not a web address: ${quote(value)}`;
  return undefined;
}

/** A value in quotes for a message, cut when it is long. */
export function quote(value: string): string {
  return value.length > 40 ? `"${value.slice(0, 40).toWellFormed()}..."` : `"${value}"`;
}

type Scalar = string | number | boolean;
type Reader = (given: Scalar) => FieldReading;

const EMAIL = /^[^\s@,;<>()]+@[^\s@,;<>()]+$/u;
const BARE_ADDRESS = /^[^\s:/?#]+(?:\.[^\s:/?#]+|:[0-9]+)[^\s]*$/u;
const TRUE = new Set(['1', 'true', 'on', 'yes']);
const FALSE = new Set(['0', 'false', 'off', 'no']);

const READERS: Readonly<Record<FieldType, Reader>> = {
  string: readText,
  text: readText,
  integer: readInteger,
  number: (given) => readDecimal(given, undefined),
  currency: (given) => readDecimal(given, CURRENCY_DECIMALS),
  boolean: readBoolean,
  date: parsedText(parseDate, 'a date (YYYY-MM-DD)'),
  datetime: parsedText(parseDatetime, 'a date and time (YYYY-MM-DD HH:MM:SS)'),
  time: parsedText(parseTime, 'a time (HH:MM:SS)'),
  email: readText,
  phone: readText,
  url: readText,
  picklist: readText,
  multipicklist: (given) => joinChoices(choicesOf(String(given))),
  reference: readText,
  owner: readText,
  file: readFile,
};

function refuse(problem: string): FieldReading {
  return { ok: false, problem };
}

/** The id alone: what else belongs to the file is the store's to say. */
function readFile(given: Json): FieldReading {
  const value = fileIdIn(given);
  return value === undefined
    ? refuse('is no stored file: give the id that its upload was answered with')
    : { ok: true, value };
}

function readText(given: Scalar): FieldReading {
  return { ok: true, value: typeof given === 'boolean' ? (given ? '1' : '0') : String(given) };
}

/** A list of texts is what JSON has for several choices; ` |##| ` between them is what the protocol has. */
function readChoiceList(given: readonly Json[]): FieldReading {
  const readings = given.map((item) => readFieldValue('picklist', item));
  const wrong = readings.find((reading) => !reading.ok);
  if (wrong !== undefined) return wrong;
  const texts = readings.map((reading) => (reading.ok ? String(reading.value ?? '') : ''));
  return joinChoices(choicesOf(texts.join(CHOICE_SEPARATOR)));
}

function joinChoices(choices: readonly string[]): FieldReading {
  return { ok: true, value: choices.length === 0 ? null : choices.join(CHOICE_SEPARATOR) };
}

function parsedText(parse: (text: string) => string | undefined, expected: string): Reader {
  return (given) => {
    const value = parse(String(given).trim());
    return value === undefined ? refuse(`is not ${expected}: ${quote(String(given))}`) : { ok: true, value };
  };
}

function readBoolean(given: Scalar): FieldReading {
  const text = String(given).trim().toLowerCase();
  if (TRUE.has(text)) return { ok: true, value: true };
  if (FALSE.has(text)) return { ok: true, value: false };
  return refuse(`is neither true nor false: ${quote(String(given))}`);
}

function readInteger(given: Scalar): FieldReading {
  const decimal = typeof given === 'boolean' ? undefined : parseDecimal(String(given).trim());
  if (decimal === undefined || decimal.exponent < 0) return refuse(`is not a whole number: ${quote(String(given))}`);
  const value = decimal.exponent > MOST_SIGNIFICANT_DIGITS ? Number.NaN : Number(plainText(decimal));
  return Number.isSafeInteger(value) ? { ok: true, value } : refuse('is too large for a whole number');
}

function readDecimal(given: Scalar, decimals: number | undefined): FieldReading {
  const decimal = typeof given === 'number' ? roundBinary(given, decimals) : parseDecimal(String(given).trim());
  if (decimal === undefined || typeof given === 'boolean') return refuse(`is not a number: ${quote(String(given))}`);
  if (decimal.digits.length > MOST_SIGNIFICANT_DIGITS) {
    return refuse(`has more than ${MOST_SIGNIFICANT_DIGITS} significant digits: ${quote(String(given))}`);
  }
  if (decimals !== undefined && decimal.exponent < -decimals) return refuse(`has more than ${decimals} decimals`);
  const widest = decimals === undefined ? WIDEST_MAGNITUDE : MOST_SIGNIFICANT_DIGITS;
  if (decimal.digits.length + decimal.exponent > widest || decimal.exponent < -WIDEST_MAGNITUDE) {
    return refuse(`is out of range: ${quote(String(given))}`);
  }
  return { ok: true, value: Number(plainText(decimal)) };
}

/**
 * A native number with a fraction is binary and its last digits are noise (0.1 + 0.2), so it is rounded to what the
 * field keeps. Whole numbers and decimal text are exact: they are kept as they are, or refused.
 */
function roundBinary(given: number, decimals: number | undefined): Decimal | undefined {
  if (Number.isInteger(given)) return parseDecimal(String(given));
  const rounded = parseDecimal(given.toPrecision(MOST_SIGNIFICANT_DIGITS));
  if (rounded === undefined || decimals === undefined || rounded.exponent >= -decimals) return rounded;
  return parseDecimal(Number(plainText(rounded)).toFixed(decimals));
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function isUrl(text: string): boolean {
  if (/\s/u.test(text)) return false;
  if (/^(?:https?|ftps?):\/\//iu.test(text)) return URL.canParse(text);
  return BARE_ADDRESS.test(text);
}
