import type { SettingStore } from '../../core/secret-store.ts';
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** The reading half of a setting store. */
export function createSettingReader(db: SqliteDatabase): Pick<SettingStore, 'all'> {
  const select = db.prepare<[], { name: string; value: string }>('SELECT name, value FROM settings ORDER BY name');
  return { all: guarded(() => Object.fromEntries(select.all().map(({ name, value }) => [name, value]))) };
}

/** A setting store on SQLite. */
export function createSettingStore(db: SqliteDatabase, commits: GroupCommit): SettingStore {
  const set = db.prepare<[string, string]>(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const value = db.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck();
  const remove = db.prepare<[string]>('DELETE FROM settings WHERE name = ?');
  const reader = createSettingReader(db);
  // Every step and every save reads them, and this process alone changes them.
  let known: ReturnType<typeof reader.all> | undefined;
  const change = async <T>(work: () => T): Promise<T> => commits.write(work).finally(() => (known = undefined));
  return {
    all: () => (known ??= reader.all()),
    set: async (name, value) => void (await change(() => set.run(name, value))),
    remove: (name) => change(() => remove.run(name).changes > 0),
    change: (name, decide) =>
      change(() => {
        const decided = decide(value.get(name));
        if (decided !== undefined) set.run(name, decided);
        return decided;
      }),
  };
}
