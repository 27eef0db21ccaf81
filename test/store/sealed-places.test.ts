import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { is } from 'drizzle-orm';
import { PgTable, getTableConfig as postgresTable } from 'drizzle-orm/pg-core';
import { SQLiteTable, getTableConfig as sqliteTable } from 'drizzle-orm/sqlite-core';
import * as postgresSchema from '../../src/store/postgres/schema.ts';
import { SEALED_PLACES } from '../../src/store/key/sealed-places.ts';
import * as sqliteSchema from '../../src/store/sqlite/schema.ts';

const SRC = join(import.meta.dirname, '../../src');

/** Where each file that seals something has it stored; undefined: it is kept in the memory of the process alone. */
const SEALED_BY: Readonly<Record<string, readonly string[] | undefined>> = {
  'store/sqlite/secret-store.ts': ['secrets'],
  'store/postgres/secret-store.ts': ['secrets'],
  'store/sqlite/user-store.ts': ['access keys'],
  'store/postgres/user-store.ts': ['access keys'],
  'connector/credential/held-token.ts': ['tokens'],
  'connector/credential/token-keeper.ts': ['tokens'],
  'runtime/credential/sign-in-begin.ts': ['sign-ins'],
  'runtime/credential/credential-trial.ts': undefined,
  'runtime/access/create-access.ts': ['kept answers'],
  'runtime/inbox/inbox-commands.ts': ['commands'],
  'engine/intervention/sealed-command.ts': ['commands'],
  'engine/stored-context.ts': ['contexts', 'orders', 'commands'],
  'engine/run-state.ts': ['contexts', 'long texts'],
  'engine/task/launch.ts': ['contexts', 'long texts'],
  'engine/intervention/edit-context.ts': ['contexts', 'orders', 'long texts'],
  'engine/intervention/decide-command.ts': ['orders'],
};

/** The keys themselves. */
const SEALERS = [
  'store/sealing.ts',
  'store/key/key-ring.ts',
  'store/key/sealer.ts',
  'store/key/resealed-row.ts',
  'core/secret-store.ts',
];

describe('what is sealed', () => {
  it('is sealed in files that are known, for places that a change of the key walks through', async () => {
    const files = (await readdir(SRC, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const sealing: string[] = [];
    for (const file of files) {
      const text = await readFile(join(SRC, file), 'utf8');
      if (/\b(?:seal|sealedValue|sealedCommand)\(/u.test(text)) sealing.push(file.replaceAll('\\', '/'));
    }
    const known = [...Object.keys(SEALED_BY), ...SEALERS];
    assert.deepEqual(sealing.toSorted(), known.toSorted(), 'say in this test where it is stored');
    const places = new Set(Object.values(SEALED_BY).flatMap((names) => names ?? []));
    assert.deepEqual([...places].toSorted(), SEALED_PLACES.map(({ name }) => name).toSorted());
  });

  it('stands in columns that both databases have, and every column named so is one of them', () => {
    const known = SEALED_PLACES.map(({ table, column }) => `${table}.${column}`);
    for (const tables of [sqliteTables(), postgresTables()]) {
      for (const { table, key, column } of SEALED_PLACES) {
        const found = tables.find(({ name }) => name === table);
        assert.deepEqual([found?.key, found?.columns.includes(column)], [key, true], `${table}.${column}`);
      }
      const named = tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`));
      const unknown = named.filter((column) => /\.(?:.*_)?sealed(?:_|$)/u.test(column) && !known.includes(column));
      assert.deepEqual(unknown, []);
    }
  });
});

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

function sqliteTables(): Table[] {
  return Object.values(sqliteSchema)
    .filter((table) => is(table, SQLiteTable))
    .map((table) => tableOf(sqliteTable(table)));
}

function postgresTables(): Table[] {
  return Object.values(postgresSchema)
    .filter((table) => is(table, PgTable))
    .map((table) => tableOf(postgresTable(table)));
}

interface Column {
  readonly name: string;
  readonly primary: boolean;
}

function tableOf(config: {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKeys: readonly { readonly columns: readonly Column[] }[];
}): Table {
  const [composite] = config.primaryKeys;
  const key = composite?.columns ?? config.columns.filter(({ primary }) => primary);
  return { name: config.name, columns: config.columns.map(({ name }) => name), key: key.map(({ name }) => name) };
}
