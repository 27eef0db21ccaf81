import type { Ids } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import { PostgresDatabase } from './database.ts';
import type { Session } from './database.ts';
import { knownLevel, requireKnownSchema } from './schema-version.ts';

/** The install's own id, made at random when the database is first opened. */
export async function makeInstallId(session: Session, ids: Ids): Promise<string> {
  await session.run(
    'INSERT INTO install (id, install_id, numbers_below) VALUES (1, $1, 1) ON CONFLICT (id) DO NOTHING',
    [ids.next()],
  );
  return requireInstall(session);
}

/** The id of the install in a database of this program's level or a higher one. Rejects with STORE_UNAVAILABLE or STORE_NEWER. */
export async function requireInstall(session: Session): Promise<string> {
  const { level } = await requireKnownSchema(session);
  const id = level === 0 ? undefined : await installIdOf(session);
  if (id === undefined) {
    throw new MapwrightError('STORE_UNAVAILABLE', 'There is no install in the database.', {
      hint: 'Make one with: mapwright serve',
    });
  }
  if (level >= knownLevel()) return id;
  throw new MapwrightError('STORE_UNAVAILABLE', 'The database is of an older version than this program.', {
    hint: 'Bring it up to date with: mapwright migrate',
  });
}

/** True when the database has been opened as an install before. Rejects with STORE_UNAVAILABLE, STORE_NEWER or STORE_URL_INVALID. */
export async function holdsInstall(url: string): Promise<boolean> {
  const db = new PostgresDatabase({ url, connections: 1 });
  try {
    const { level } = await requireKnownSchema(db);
    return level > 0 && (await installIdOf(db)) !== undefined;
  } finally {
    await db.close();
  }
}

/** Undefined when the database has the tables, but has never been opened. */
export async function installIdOf(session: Session): Promise<string | undefined> {
  const [row] = await session.all<{ installId: string }>('SELECT install_id AS "installId" FROM install');
  return row?.installId;
}
