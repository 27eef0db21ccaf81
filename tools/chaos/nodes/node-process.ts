import { setTimeout as pause } from 'node:timers/promises';
import { type ServerParams, type StartedServer, startServer, untilReady } from '../../stage/server-process.ts';
import type { JournalDatabase } from './journal-database.ts';

/** What was done to the nodes, and what came of it. */
export interface NodeFacts {
  kills: number;
  freezes: number;
  restarts: number;
  /** The longest time until others had taken over all runs of a node that was killed, in milliseconds. */
  slowestTakeover: number;
  /** What a node told of as its own fault, without what follows from the database being away. */
  readonly faults: string[];
  /** How nodes ended or failed to end when nobody had asked for that. */
  readonly crashes: string[];
}

const POLL_MS = 100;
const TAKEOVER_LIMIT_MS = 60_000;
const MOST_FAILED_STARTS = 5;

/** One node of the install: `mapwright worker` in a process of its own. */
export class NodeProcess {
  readonly #params: Pick<ServerParams, 'folder' | 'database' | 'env'>;
  readonly #journal: JournalDatabase;
  readonly #facts: NodeFacts;
  #server: StartedServer | undefined;

  constructor(params: {
    readonly folder: string;
    readonly database: string;
    readonly env: Readonly<Record<string, string>>;
    readonly journal: JournalDatabase;
    readonly facts: NodeFacts;
  }) {
    this.#params = params;
    this.#journal = params.journal;
    this.#facts = params.facts;
  }

  /** Starts it; resolves when it works. A start while the database is away fails and is repeated. */
  async start(): Promise<void> {
    for (let failed = 0; ;) {
      const server = startServer({
        ...this.#params,
        command: 'worker',
        port: 0,
        apart: true,
        onErrorText: (text) => this.#noteFaults(text),
      });
      this.#server = server;
      try {
        return await untilReady(server);
      } catch (thrown) {
        await server.kill().catch(() => undefined);
        if (++failed === MOST_FAILED_STARTS) throw thrown;
        await pause(POLL_MS * 10);
      }
    }
  }

  /** SIGKILL; `takenOver` resolves when others have all that it held. */
  async kill(): Promise<{ readonly takenOver: Promise<void> }> {
    const server = this.#given();
    const held = await this.#journal.nodeOf(server.pid).catch(() => undefined);
    this.#facts.kills++;
    await server.kill().catch((thrown: unknown) => this.#facts.crashes.push(String(thrown)));
    return { takenOver: this.#watchTakeover(held) };
  }

  /** SIGTERM: it hands back what it holds. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.stop().catch((thrown: unknown) => this.#facts.crashes.push(String(thrown)));
  }

  async restart(): Promise<void> {
    this.#facts.restarts++;
    await this.stop();
    await this.start();
  }

  /** SIGSTOP past its leases, then SIGCONT: what it does when it wakes must come to nothing. */
  async freeze(forMs: number): Promise<void> {
    const { pid } = this.#given();
    this.#facts.freezes++;
    process.kill(pid, 'SIGSTOP');
    await pause(forMs);
    process.kill(pid, 'SIGCONT');
  }

  /** Ends it whatever state it is in. */
  async abandon(): Promise<void> {
    await this.#server?.kill().catch(() => undefined);
  }

  #given(): StartedServer {
    if (this.#server === undefined) throw new Error('the node does not run');
    return this.#server;
  }

  async #watchTakeover(node: string | undefined): Promise<void> {
    if (node === undefined) return;
    const killedAt = performance.now();
    for (;;) {
      const left = await this.#journal
        .number('SELECT count(*) FROM runs WHERE lease_owner = $1 AND ended_at IS NULL', [node])
        .catch(() => undefined);
      const tookMs = performance.now() - killedAt;
      if (left === 0 || tookMs > TAKEOVER_LIMIT_MS) {
        this.#facts.slowestTakeover = Math.max(this.#facts.slowestTakeover, tookMs);
        return;
      }
      await pause(POLL_MS);
    }
  }

  #noteFaults(text: string): void {
    for (const line of text.split('\n')) {
      if (/ fault: | failed \(/u.test(line) && !/database|connection/iu.test(line)) this.#facts.faults.push(line);
    }
  }
}
