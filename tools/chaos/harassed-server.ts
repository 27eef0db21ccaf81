import type { PreparedInstall } from '../stage/prepared-install.ts';
import { type StartedServer, startServer, untilReady } from '../stage/server-process.ts';
import { pauseUnless } from './interruptible-pause.ts';
import type { ProcessAction } from './plan.ts';

/** What was done to a server. */
export interface ServerFacts {
  kills: number;
  /** Kills before the process answered calls. */
  killsAtStartup: number;
  restarts: number;
  freezes: number;
  /** How it ended or failed to end when nobody had asked for that. */
  readonly crashes: string[];
  /** What it told of as its own fault. */
  readonly faults: string[];
}

const MOST_FAILED_STARTS = 3;

/** A served install to which things are done, one after another. */
export class HarassedServer {
  readonly facts: ServerFacts = { kills: 0, killsAtStartup: 0, restarts: 0, freezes: 0, crashes: [], faults: [] };
  readonly #name: string;
  readonly #install: PreparedInstall;
  readonly #cacheFolder: string;
  readonly #tell: (line: string) => void;
  #server: StartedServer | undefined;
  #isReady = false;
  /** The server does not hear of the end of this process by itself. */
  readonly #onExit = (): void => {
    if (this.#server !== undefined) process.kill(this.#server.pid, 'SIGKILL');
  };

  constructor(params: {
    readonly name: string;
    readonly install: PreparedInstall;
    /** Where compiled code is kept, so that restarts are quick. */
    readonly cacheFolder: string;
    /** Told of every action. */
    readonly tell: (line: string) => void;
  }) {
    this.#name = params.name;
    this.#install = params.install;
    this.#cacheFolder = params.cacheFolder;
    this.#tell = params.tell;
    process.on('exit', this.#onExit);
  }

  /** Starts it when it does not run; resolves when it answers calls. Rejects when it cannot be started. */
  async untilReady(): Promise<void> {
    for (let failed = 0; ;) {
      const server = this.#server ?? this.#start();
      try {
        return await untilReady(server);
      } catch (thrown) {
        failed++;
        this.#noteCrash('start', thrown);
        await this.#end();
        if (failed === MOST_FAILED_STARTS) throw thrown;
      }
    }
  }

  /** Does what is planned, each at its time after `startedAt` or as soon as possible, until all is done or the signal is given. */
  async undergo(actions: readonly ProcessAction[], startedAt: number, signal: AbortSignal): Promise<void> {
    for (const action of actions) {
      if (action.kind !== 'kill-early') await this.untilReady();
      await pauseUnless(signal, startedAt + action.atMs - performance.now());
      if (signal.aborted) return;
      await this.#undergo(action, signal);
    }
    await this.untilReady();
  }

  /** Asks it to end. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.stop().catch((thrown: unknown) => this.#noteCrash('stop', thrown));
  }

  async #end(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.kill().catch(() => undefined);
  }

  /** Ends it at once, whatever state it is in; it is not to be started again. */
  async abandon(): Promise<void> {
    process.off('exit', this.#onExit);
    await this.#end();
  }

  #start(): StartedServer {
    const server = startServer({
      folder: this.#install.folder,
      port: this.#install.port,
      cacheFolder: this.#cacheFolder,
      apart: true,
      onErrorText: (text) => this.#noteFaults(text),
    });
    this.#server = server;
    this.#isReady = false;
    server.ready.then(
      () => {
        if (this.#server === server) this.#isReady = true;
      },
      () => undefined,
    );
    return server;
  }

  async #undergo(action: ProcessAction, signal: AbortSignal): Promise<void> {
    switch (action.kind) {
      case 'kill':
        return this.#kill('kill -9');
      case 'kill-early':
        await pauseUnless(signal, action.afterMs);
        return this.#kill(`kill -9 ${action.afterMs} ms after its start`);
      case 'restart':
        this.facts.restarts++;
        this.#tell(`${this.#name}: restarted with SIGTERM`);
        await this.stop();
        return void this.#start();
      case 'freeze':
        return this.#freeze(action.forMs, signal);
    }
  }

  async #kill(how: string): Promise<void> {
    this.facts.kills++;
    if (!this.#isReady) this.facts.killsAtStartup++;
    this.#tell(`${this.#name}: ${how}${this.#isReady ? '' : ', not ready yet'}`);
    const server = this.#server;
    this.#server = undefined;
    await server?.kill().catch((thrown: unknown) => this.#noteCrash('run', thrown));
    this.#start();
  }

  /** Stopped and continued, as by a machine that sleeps. A process that is gone by itself is noted when it is ended. */
  async #freeze(forMs: number, signal: AbortSignal): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.facts.freezes++;
    this.#tell(`${this.#name}: SIGSTOP for ${(forMs / 1_000).toFixed(1)} s`);
    process.kill(server.pid, 'SIGSTOP');
    await pauseUnless(signal, forMs);
    process.kill(server.pid, 'SIGCONT');
  }

  #noteCrash(during: string, thrown: unknown): void {
    const text = `${this.#name} (${during}): ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    this.facts.crashes.push(text);
    this.#tell(text);
  }

  #noteFaults(text: string): void {
    for (const line of text.split('\n')) {
      if (!/ fault: | failed \(/u.test(line)) continue;
      this.facts.faults.push(line);
      this.#tell(`${this.#name}: ${line}`);
    }
  }
}
