import type { QueryComparison } from '../core/query.ts';
import type { SqlText, SqlValue } from './sql-text.ts';
import type { StorageClass } from './storage-class.ts';

/** A field in SQL. */
export interface Operand {
  readonly sql: string;
  /** `id` is the number of a record, `time` milliseconds since the epoch. */
  readonly as: StorageClass | 'id' | 'time';
  /** True for the title of a module: an indexed text of any length. */
  readonly isTitle?: boolean;
}

/** What one database says otherwise than another. Statements keep `?` for their values in all of them. */
export interface SqlDialect {
  /** The SQL types of columns of module tables. */
  readonly types: Readonly<Record<StorageClass, string>>;
  /** The quoted name of a module's table, a column or an index in the database, however long it is. */
  identifier(name: string): string;
  /** SQL's own comparison: with null nothing is true. The value is one that the field can hold, or any number. */
  compare(operand: Operand, operator: QueryComparison, value: SqlValue): SqlText;
  /** True when the operand is one of the values, as `IN` tells; any number of them, also none. */
  among(operand: Operand, values: readonly SqlValue[]): SqlText;
  /** A term of ORDER BY: bytes tell which text comes first, null comes first ascending and last descending. */
  order(operand: Operand, descending: boolean): string;
  /** `LIKE ?` over a text, for a canonical pattern; letter case counts for all letters but A to Z. */
  like(text: string): string;
  /** A number, boolean or time as text: the number with 15 digits at most (`%.15g`), the time as on the wire. Null stays null. */
  textOf(operand: Operand): string;
  /** The whole number that a text is from a position (counted from 1) on; any that no record has when it is none. */
  numberIn(text: string, position: number): string;
  /** The text under a key of a column that holds a JSON object; null when there is none. */
  member(column: string, key: string): string;
}
