import { blobText } from '../postgres/blob-store.ts';
import { messageName } from '../postgres/message-store.ts';
import { storable } from '../postgres/row-set.ts';
import type { StoredValue } from './content-digest.ts';

/** How the rows of one table are written in the other database. */
export interface RowChange {
  /** The columns there, in the order of the values. */
  readonly columns: readonly string[];
  readonly change: (row: readonly StoredValue[]) => readonly StoredValue[];
}

/** Where PostgreSQL needs another form: what a text of it cannot hold, and names that are too long for an index. */
export function rowChange(table: string, columns: readonly string[]): RowChange {
  const text = columns.indexOf('text');
  if (table === 'blobs') {
    return {
      columns: [...columns, 'escaped'],
      change: (row) => {
        const stored = blobText(String(row[text]));
        return [...row.with(text, stored.text), stored.escaped];
      },
    };
  }
  if (table === 'messages') {
    const names = ['channel', 'sent_as', 'taken_as'].map((column) => columns.indexOf(column));
    return {
      columns,
      change: (row) =>
        row.map((value, place) => {
          if (place === text) return JSON.stringify(value);
          return names.includes(place) && typeof value === 'string' ? messageName(value) : value;
        }),
    };
  }
  return { columns, change: (row) => row.map((value) => (typeof value === 'string' ? storable(value) : value)) };
}
