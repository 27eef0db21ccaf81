import type { SecretStore } from '../../core/secret-store.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { secretPurpose } from '../sealing.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** The names of the secrets, for those who may not read them. */
export function createSecretReader(db: SqliteDatabase): Pick<SecretStore, 'list'> {
  const select = db.prepare<[], { name: string; setAt: number; setBy: string }>(
    'SELECT name, set_at AS setAt, set_by AS setBy FROM secrets ORDER BY name',
  );
  return { list: guarded(() => select.all()) };
}

/** A secret store on SQLite: values are sealed for their name, so that none opens under another's. */
export function createSecretStore(db: SqliteDatabase, commits: GroupCommit, ring: KeyRing): SecretStore {
  const sql = prepare(db);
  // Every login reads one, and this process alone changes them.
  const opened = new Map<string, string>();
  const change = <T>(name: string, work: () => T): Promise<T> => commits.write(work).finally(() => opened.delete(name));
  return {
    ...createSecretReader(db),
    get: guarded((name) => {
      const known = opened.get(name);
      if (known !== undefined) return known;
      const row = sql.select.get(name);
      if (row === undefined) return undefined;
      const value = ring.open(secretPurpose(name), row.sealed);
      opened.set(name, value);
      return value;
    }),
    set: async ({ name, value, at, by }) => {
      const sealed = ring.seal(secretPurpose(name), value);
      await change(name, () => sql.upsert.run(name, sealed, at, by));
    },
    remove: (name) => change(name, () => sql.remove.run(name).changes > 0),
  };
}

function prepare(db: SqliteDatabase) {
  return {
    select: db.prepare<[string], { sealed: string }>('SELECT sealed FROM secrets WHERE name = ?'),
    upsert: db.prepare<[string, string, number, string]>(
      `INSERT INTO secrets (name, sealed, set_at, set_by) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at, set_by = excluded.set_by`,
    ),
    remove: db.prepare<[string]>('DELETE FROM secrets WHERE name = ?'),
  };
}
