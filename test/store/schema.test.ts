import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api';
import { MIGRATIONS_FOLDER } from '../../src/store/sqlite/schema-version.ts';
import * as schema from '../../src/store/sqlite/schema.ts';

describe('migrations', () => {
  it('lead to the schema', async () => {
    const journal = JSON.parse(await readFile(join(MIGRATIONS_FOLDER, 'meta', '_journal.json'), 'utf8'));
    const last = String(journal.entries.at(-1).tag).slice(0, 4);
    const snapshot = JSON.parse(await readFile(join(MIGRATIONS_FOLDER, 'meta', `${last}_snapshot.json`), 'utf8'));
    const wanted = await generateSQLiteDrizzleJson({ ...schema }, snapshot.id);
    assert.deepEqual(await generateSQLiteMigration(snapshot, wanted), []);
    const empty = await generateSQLiteDrizzleJson({});
    assert.notDeepEqual(await generateSQLiteMigration(empty, wanted), []);
  });
});
