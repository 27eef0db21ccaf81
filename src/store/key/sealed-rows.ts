import type { RowPlace, SealedRows } from '../../core/key-store.ts';
import { quoted } from '../sql-text.ts';
import type { SqlText } from '../sql-text.ts';
import type { PlacedRow, ResealedRow } from './resealed-row.ts';
import type { SealedPlace } from './sealed-places.ts';

// Statements that both databases understand, with `?` for each value.

/** Rows looked at in one transaction: so few that saves and runs do not wait for them. */
const ROWS_AT_ONCE = 100;
/** Each may be of megabytes. */
const TEXTS_AT_ONCE = 10;

/** How a row looks that may hold something sealed: of the others only the key is read. */
const LIKENESS = { text: 'v1.%', 'long-texts': 'v1.%', json: '%"$sealed":"%' } as const;

/** The next rows of a place. */
export function nextRows(place: SealedPlace, after: RowPlace | undefined): SqlText {
  const key = place.key.map((name) => quoted(name)).join(', ');
  const column = quoted(place.column);
  const beyond = after === undefined ? '' : `WHERE (${key}) > (${after.map(() => '?').join(', ')})`;
  return {
    sql: `SELECT ${key}, CASE WHEN ${column} LIKE ${quoted(LIKENESS[place.form], "'")} THEN ${column} END AS sealed_text
      FROM ${quoted(place.table)} ${beyond} ORDER BY ${key} LIMIT ${rowsAtOnce(place)}`,
    values: after ?? [],
  };
}

/** A row as the statement above gives it. */
export type ReadRow = Readonly<Record<string, string | number | null>>;

export function placedRow(place: SealedPlace, row: ReadRow): PlacedRow {
  const text = row['sealed_text'];
  return { key: place.key.map((name) => row[name] ?? ''), text: typeof text === 'string' ? text : null };
}

/** Writes a row that nobody has changed since it was read: the new text, the key, the text as it was. */
export function replaceRow({ table, key, column }: SealedPlace): string {
  const where = key.map((name) => `${quoted(name)} = ?`).join(' AND ');
  return `UPDATE ${quoted(table)} SET ${quoted(column)} = ? WHERE ${where} AND ${quoted(column)} = ?`;
}

/** A sealed text apart from its context is needed while a context of a run that had it refers to it: hash, hash. */
export const TEXT_IS_NEEDED = `SELECT 1 AS needed FROM run_texts JOIN run_contexts ON run_contexts.run = run_texts.run
  WHERE run_texts.hash = ? AND run_contexts.context LIKE '%' || ? || '%' LIMIT 1`;

/** A run has this long text no more: run, hash. */
export const FORGET_TEXT = 'DELETE FROM run_texts WHERE run = ? AND hash = ?';

/** No run has it any more. */
export const FORGET_TEXT_OF_ALL = 'DELETE FROM run_texts WHERE hash = ?';

/** Removes a long text that nobody has: hash. */
export const REMOVE_TEXT = `DELETE FROM blobs WHERE hash = ?
  AND NOT EXISTS (SELECT 1 FROM run_texts WHERE run_texts.hash = blobs.hash)
  AND NOT EXISTS (SELECT 1 FROM revision_documents WHERE revision_documents.text = blobs.hash)`;

/** What the rows came to. @param left how many values are still under another key, because their row was changed meanwhile */
export function summedRows(
  place: SealedPlace,
  read: readonly PlacedRow[],
  { found, left }: { readonly found: readonly ResealedRow[]; readonly left: number },
): SealedRows {
  const unknown: Record<string, number> = {};
  for (const row of found) {
    for (const [id, count] of Object.entries(row.unknown)) unknown[id] = (unknown[id] ?? 0) + count;
  }
  const sum = (count: (row: ResealedRow) => number): number => found.reduce((total, row) => total + count(row), 0);
  return {
    next: read.length < rowsAtOnce(place) ? undefined : read.at(-1)?.key,
    values: sum(({ values }) => values),
    outdated: sum(({ outdated }) => outdated),
    left,
    unknown,
  };
}

function rowsAtOnce({ form }: SealedPlace): number {
  return form === 'long-texts' ? TEXTS_AT_ONCE : ROWS_AT_ONCE;
}
