import { Client } from 'pg';
import { MapwrightError, messageOf } from '../../core/error.ts';

const PROTOCOLS: ReadonlySet<string> = new Set(['postgres:', 'postgresql:']);

/** The address, when it is one of a PostgreSQL database. Throws STORE_URL_INVALID, which does not repeat it: it holds a password. */
export function requireDatabaseUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed !== undefined && PROTOCOLS.has(parsed.protocol) && parsed.pathname.length > 1) {
    requireReadable(url);
    return url;
  }
  throw new MapwrightError('STORE_URL_INVALID', 'DATABASE_URL is not the address of a PostgreSQL database.', {
    hint: 'Write it so: postgres://user:password@host:5432/database (special characters of the password as %XX)',
  });
}

/** What else is wrong is said now, not as a connection that fails: a file of a certificate that is not there, a bad `%XX`. */
function requireReadable(url: string): void {
  try {
    const { port } = new Client({ connectionString: url });
    if (Number.isInteger(port)) return;
  } catch (thrown) {
    throw new MapwrightError('STORE_URL_INVALID', `DATABASE_URL cannot be used: ${messageOf(thrown)}`, {
      hint: 'Write special characters of user, password and database as %XX (% itself as %25), and look whether the files of sslrootcert, sslcert and sslkey are there.',
      cause: thrown,
    });
  }
  throw new MapwrightError('STORE_URL_INVALID', 'DATABASE_URL names a port that is no number.', {
    hint: 'Write it so: postgres://user:password@host:5432/database',
  });
}
