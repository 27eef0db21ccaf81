import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { getTableColumns, getTableName, isTable } from 'drizzle-orm';
import { MIGRATIONS_FOLDER } from '../../src/store/postgres/schema-version.ts';
import * as schema from '../../src/store/postgres/schema.ts';
import * as sqliteSchema from '../../src/store/sqlite/schema.ts';

/** What PostgreSQL has besides, because several nodes work on one database. */
const TABLES_BESIDES = ['attempt_counts', 'destination_shares', 'nodes', 'schema_versions'];
const COLUMNS_BESIDES = [
  'blobs.escaped',
  'queued_operations.lease_owner',
  'queued_operations.lease_until',
  'record_history.written_by',
];

function columnsOf(tables: Readonly<Record<string, unknown>>): string[] {
  return Object.values(tables)
    .filter((table) => isTable(table))
    .flatMap((table) => {
      const name = getTableName(table);
      return Object.values(getTableColumns(table)).map((column) => `${name}.${column.name}`);
    });
}

describe('migrations of PostgreSQL', () => {
  it('lead to the schema', async () => {
    const journal = JSON.parse(await readFile(join(MIGRATIONS_FOLDER, 'meta', '_journal.json'), 'utf8'));
    const last = String(journal.entries.at(-1).tag).slice(0, 4);
    const snapshot = JSON.parse(await readFile(join(MIGRATIONS_FOLDER, 'meta', `${last}_snapshot.json`), 'utf8'));
    const wanted = generateDrizzleJson({ ...schema }, snapshot.id);
    assert.deepEqual(await generateMigration(snapshot, wanted), []);
    assert.notDeepEqual(await generateMigration(generateDrizzleJson({}), wanted), []);
  });
});

describe('the schema of PostgreSQL', () => {
  it('has the tables and columns of SQLite, and few besides', () => {
    const columns = columnsOf(schema);
    const ofSqlite = columnsOf(sqliteSchema);
    assert.ok(ofSqlite.length > 100);
    assert.deepEqual(
      ofSqlite.filter((name) => !columns.includes(name)),
      [],
    );
    const besides = columns.filter(
      (name) => !ofSqlite.includes(name) && !TABLES_BESIDES.includes(name.split('.')[0] ?? ''),
    );
    assert.deepEqual(besides.toSorted(), COLUMNS_BESIDES);
  });

  it('compares every text byte by byte', () => {
    const tables = Object.values(schema).filter((table) => isTable(table));
    const types = tables.flatMap((table) => Object.values(getTableColumns(table)).map((column) => column.getSQLType()));
    assert.deepEqual([...new Set(types)].toSorted(), ['bigint', 'bytea', 'text COLLATE "C"', 'xid8']);
  });
});
