import type { SecretStore } from '../../core/secret-store.ts';
import { seal, unseal } from '../sealing.ts';
import type { SealingKey } from '../sealing.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** A secret store on SQLite: values are sealed for their name, so that none opens under another's. */
export function createSecretStore(db: SqliteDatabase, commits: GroupCommit, key: SealingKey): SecretStore {
  const sql = prepare(db);
  return {
    get: guarded((name) => {
      const row = sql.select.get(name);
      return row === undefined ? undefined : unseal(key, purposeOf(name), row.sealed);
    }),
    set: async ({ name, value, at, by }) => {
      const sealed = seal(key, purposeOf(name), value);
      await commits.write(() => sql.upsert.run(name, sealed, at, by));
    },
    remove: (name) => commits.write(() => sql.remove.run(name).changes > 0),
    list: guarded(() => sql.list.all()),
  };
}

function purposeOf(name: string): string {
  return `secret:${name}`;
}

function prepare(db: SqliteDatabase) {
  return {
    select: db.prepare<[string], { sealed: string }>('SELECT sealed FROM secrets WHERE name = ?'),
    upsert: db.prepare<[string, string, number, string]>(
      `INSERT INTO secrets (name, sealed, set_at, set_by) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at, set_by = excluded.set_by`,
    ),
    remove: db.prepare<[string]>('DELETE FROM secrets WHERE name = ?'),
    list: db.prepare<[], { name: string; setAt: number; setBy: string }>(
      'SELECT name, set_at AS setAt, set_by AS setBy FROM secrets ORDER BY name',
    ),
  };
}
