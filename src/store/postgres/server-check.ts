import { MapwrightError } from '../../core/error.ts';
import type { Session } from './database.ts';

const OLDEST_VERSION = 14;

/** Rejects with STORE_UNAVAILABLE when the server or its database cannot hold an install. */
export async function requireSuitableServer(session: Session): Promise<void> {
  const [server] = await session.all<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::integer / 10000 AS version,
       pg_encoding_to_char(encoding) AS encoding
     FROM pg_database WHERE datname = current_database()`,
  );
  if (server === undefined) return;
  const { version, encoding } = server;
  if (version < OLDEST_VERSION) {
    throw new MapwrightError('STORE_UNAVAILABLE', `The database server is PostgreSQL ${version}.`, {
      hint: `PostgreSQL ${OLDEST_VERSION} or newer is needed.`,
    });
  }
  if (encoding !== 'UTF8') {
    throw new MapwrightError('STORE_UNAVAILABLE', `The database keeps texts in ${encoding}.`, {
      hint: "It has to hold any text: CREATE DATABASE mapwright ENCODING 'UTF8' TEMPLATE template0",
    });
  }
}
