import { rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { type EmbeddedServer, embeddedServer } from './embedded-server.ts';

/** A real PostgreSQL server with its data in a temporary folder, which can be restarted. It ends with this process. */
export class PostgresServer {
  /** Of an empty database. */
  readonly url: string;
  readonly #embedded: EmbeddedServer;

  private constructor(embedded: EmbeddedServer) {
    this.#embedded = embedded;
    this.url = `postgres://mapwright:secret@127.0.0.1:${embedded.port}/mapwright`;
  }

  static async open(): Promise<PostgresServer> {
    const embedded = await embeddedServer(['max_connections=200']);
    const { server, log } = embedded;
    try {
      await server.initialise();
      await server.start();
    } catch (cause) {
      throw new Error(`PostgreSQL did not start: ${log()}`, { cause });
    }
    await server.createDatabase('mapwright');
    return new PostgresServer(embedded);
  }

  /** Ends all connections as an administrator's restart does, and answers again after `downMs`. */
  async restart(downMs = 0): Promise<void> {
    const { server } = this.#embedded;
    await server.stop();
    await setTimeout(downMs);
    await server.start();
  }

  async close(): Promise<void> {
    await this.#embedded.server.stop();
    await rm(this.#embedded.folder, { recursive: true, force: true });
  }
}
