import type { SecretStore } from '../../core/secret-store.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { secretPurpose } from '../sealing.ts';
import { BriefMemory } from './brief-memory.ts';
import type { PostgresDatabase } from './database.ts';

/** The names of the secrets, for those who may not read them. */
export function createSecretReader(db: PostgresDatabase): Pick<SecretStore, 'list'> {
  return { list: () => db.all('SELECT name, set_at AS "setAt", set_by AS "setBy" FROM secrets ORDER BY name') };
}

/** A secret store on PostgreSQL: values are sealed for their name, so that none opens under another's. */
export function createSecretStore(db: PostgresDatabase, ring: KeyRing): SecretStore {
  const opened = new BriefMemory<string | undefined>();
  const change = (name: string, sql: string, values: readonly (string | number)[]): Promise<number> =>
    db.run(sql, [name, ...values]).finally(() => opened.forget(name));
  return {
    ...createSecretReader(db),
    get: (name) =>
      opened.get(name, async () => {
        const [row] = await db.all<{ sealed: string }>('SELECT sealed FROM secrets WHERE name = $1', [name]);
        return row && ring.open(secretPurpose(name), row.sealed);
      }),
    async set({ name, value, at, by }) {
      const sealed = ring.seal(secretPurpose(name), value);
      await change(
        name,
        `INSERT INTO secrets (name, sealed, set_at, set_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at, set_by = excluded.set_by`,
        [sealed, at, by],
      );
    },
    remove: async (name) => (await change(name, 'DELETE FROM secrets WHERE name = $1', [])) > 0,
  };
}
