/** What a column of a row set holds. */
export type ColumnType = 'bigint' | 'double precision' | 'text';
type Columns = Readonly<Record<string, ColumnType>>;
type RowOf<C extends Columns> = { readonly [N in keyof C]: (C[N] extends 'text' ? string : number) | null };

/** Element types, as numbered in pg_type. */
const ELEMENT: Readonly<Record<ColumnType, number>> = { bigint: 20, 'double precision': 701, text: 25 };
const HEADER_BYTES = 20;
const NULL_LENGTH = -1;
const TWO_TO_32 = 2 ** 32;

/** Any number of rows as the parameters of one statement, whose text does not depend on how many they are. */
export interface RowSet<C extends Columns> {
  /** Stands in FROM; the rows are called `given`. Its parameters are `$1`, `$2` and so on. */
  readonly source: string;
  values(rows: readonly RowOf<C>[]): Buffer[];
}

/** A row set with these columns, in their order. */
export function rowSet<const C extends Columns>(columns: C): RowSet<C> {
  const entries = Object.entries(columns);
  const parameters = entries.map(([, type], index) => `$${index + 1}::${type}[]`);
  const names = entries.map(([name]) => `"${name}"`);
  return {
    source: `unnest(${parameters.join(', ')}) AS given(${names.join(', ')})`,
    values: (rows) => entries.map(([name, type]) => ENCODERS[type](rows.map((row) => row[name] ?? null))),
  };
}

/** Whole numbers as a `bigint[]` parameter. */
export function bigints(values: readonly number[]): Buffer {
  return encodeBigints(values);
}

/** Texts as a `text[]` parameter, each as it is storable. */
export function texts(values: readonly string[]): Buffer {
  return encodeTexts(values);
}

/** The values of one column as a parameter of this type's array. */
export function columnOf(type: ColumnType, values: readonly (string | number | null)[]): Buffer {
  return ENCODERS[type](values);
}

const ENCODERS: Readonly<Record<ColumnType, (values: readonly (string | number | null)[]) => Buffer>> = {
  bigint: encodeBigints,
  'double precision': encodeDoubles,
  text: encodeTexts,
};

/** PostgreSQL's binary form: nothing needs to be escaped, which for JSON would take longer than all the rest. */
function encodeBigints(values: readonly (string | number | null)[]): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + values.length * 12);
  let at = writeHeader(array, 'bigint', values.length);
  for (const value of values) {
    if (value === null) {
      at = array.writeInt32BE(NULL_LENGTH, at);
      continue;
    }
    const number = Number(value);
    at = array.writeInt32BE(8, at);
    at = array.writeInt32BE(Math.floor(number / TWO_TO_32), at);
    at = array.writeUInt32BE(number >>> 0, at);
  }
  return array.subarray(0, at);
}

function encodeDoubles(values: readonly (string | number | null)[]): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + values.length * 12);
  let at = writeHeader(array, 'double precision', values.length);
  for (const value of values) {
    at = array.writeInt32BE(value === null ? NULL_LENGTH : 8, at);
    if (value !== null) at = array.writeDoubleBE(Number(value), at);
  }
  return array.subarray(0, at);
}

function encodeTexts(values: readonly (string | number | null)[]): Buffer {
  const stored = values.map((value) => (value === null ? null : storable(String(value))));
  const lengths = stored.map((text) => (text === null ? NULL_LENGTH : Buffer.byteLength(text)));
  const bytes = lengths.reduce((sum, length) => sum + 4 + Math.max(length, 0), HEADER_BYTES);
  const array = Buffer.allocUnsafe(bytes);
  let at = writeHeader(array, 'text', values.length);
  for (const [index, text] of stored.entries()) {
    at = array.writeInt32BE(lengths[index] ?? NULL_LENGTH, at);
    if (text !== null) at += array.write(text, at);
  }
  return array;
}

/** Dimensions, whether there may be nulls, the type of the elements, how many there are, the number of the first. */
function writeHeader(array: Buffer, type: ColumnType, count: number): number {
  let at = 0;
  for (const number of [1, 1, ELEMENT[type], count, 1]) at = array.writeInt32BE(number, at);
  return at;
}

/** The text, or the nearest one that a column can hold: half a surrogate pair comes back as U+FFFD too. */
export function storable(text: string): string {
  const whole = text.toWellFormed();
  return whole.includes('\u0000') ? whole.replaceAll('\u0000', '\uFFFD') : whole;
}
