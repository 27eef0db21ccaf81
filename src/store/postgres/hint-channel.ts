import { Client } from 'pg';
import type { HintChannel } from '../../core/hint-channel.ts';
import type { RunId } from '../../core/run.ts';
import type { PostgresDatabase } from './database.ts';

interface HintMessage {
  readonly from: string;
  readonly runs: readonly RunId[];
}

const RECONNECT_AFTER_MS = 1_000;
const KEEP_ALIVE_MS = 10_000;
/** A server, or something before it, that takes the connection and says nothing is left for a new one. */
const ANSWER_TIMEOUT_MS = 15_000;

/** Hints by LISTEN and NOTIFY, on a connection of its own; one that breaks is made anew. */
export class NotifyChannel implements HintChannel {
  readonly #params: { readonly db: PostgresDatabase; readonly url: string; readonly node: string };
  readonly #channel: string;
  #onHint: ((runs: readonly RunId[]) => void) | undefined;
  #client: Client | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(params: {
    readonly db: PostgresDatabase;
    readonly url: string;
    /** Of this process, which does not hear itself. */
    readonly node: string;
    readonly installId: string;
  }) {
    this.#params = params;
    // Several installs may share a database, each in a schema of its own.
    this.#channel = `mapwright_${params.installId.replaceAll(/[^A-Za-z0-9]/gu, '').toLowerCase()}`.slice(0, 63);
  }

  async listen(onHint: (runs: readonly RunId[]) => void): Promise<void> {
    this.#onHint = onHint;
    await this.#connect();
  }

  async silence(): Promise<void> {
    this.#onHint = undefined;
    clearTimeout(this.#again);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async send(runs: readonly RunId[]): Promise<void> {
    const message: HintMessage = { from: this.#params.node, runs };
    await this.#params.db.run('SELECT pg_notify($1, $2)', [this.#channel, JSON.stringify(message)]);
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#params.url,
      application_name: 'mapwright',
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
    });
    this.#client = client;
    client.on('error', () => this.#reconnect(client));
    client.on('end', () => this.#reconnect(client));
    client.on('notification', ({ payload }) => this.#hear(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${this.#channel}`);
    } catch (thrown) {
      this.#reconnect(client);
      throw thrown;
    }
  }

  #reconnect(broken: Client): void {
    if (this.#client !== broken || this.#onHint === undefined) return;
    this.#client = undefined;
    broken.end().catch(() => undefined);
    this.#again = setTimeout(() => void this.#connect().catch(() => undefined), RECONNECT_AFTER_MS).unref();
  }

  #hear(payload: string | undefined): void {
    const message = readMessage(payload);
    if (message !== undefined && message.from !== this.#params.node) this.#onHint?.(message.runs);
  }
}

/** Anybody who may connect to the database can send a notice: what is no message of ours is passed over. */
function readMessage(payload = ''): HintMessage | undefined {
  try {
    const read: unknown = JSON.parse(payload);
    return isMessage(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(read: unknown): read is HintMessage {
  return (
    typeof read === 'object' &&
    read !== null &&
    'from' in read &&
    typeof read.from === 'string' &&
    'runs' in read &&
    Array.isArray(read.runs) &&
    read.runs.every(Number.isSafeInteger)
  );
}
