import type { SettingStore } from '../../core/secret-store.ts';
import { BriefMemory } from './brief-memory.ts';
import type { PostgresDatabase, Session } from './database.ts';

/** One name for all of them: they are always read together. */
const ALL = '';

/** A setting store on PostgreSQL. */
export function createSettingStore(db: PostgresDatabase): SettingStore {
  const known = new BriefMemory<Readonly<Record<string, string>>>();
  const change = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    db
      .transaction(async (session) => {
        // Two that change what they read would otherwise both start from the same.
        await session.run('LOCK TABLE settings IN SHARE ROW EXCLUSIVE MODE');
        return work(session);
      })
      .finally(() => known.forget(ALL));
  return {
    all: () => known.get(ALL, () => readAll(db)),
    set: (name, value) => change((session) => write(session, name, value)),
    remove: (name) =>
      change(async (session) => (await session.run('DELETE FROM settings WHERE name = $1', [name])) > 0),
    change: (name, decide) =>
      change(async (session) => {
        const [row] = await session.all<{ value: string }>('SELECT value FROM settings WHERE name = $1', [name]);
        const decided = decide(row?.value);
        if (decided !== undefined) await write(session, name, decided);
        return decided;
      }),
  };
}

async function readAll(session: Session): Promise<Readonly<Record<string, string>>> {
  const rows = await session.all<{ name: string; value: string }>('SELECT name, value FROM settings ORDER BY name');
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

async function write(session: Session, name: string, value: string): Promise<void> {
  await session.run(
    'INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [name, value],
  );
}
