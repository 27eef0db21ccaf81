import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Question, Reply } from './methods.ts';
import type { MethodsOf, Role } from './roles.ts';

type Params<R extends Role, M extends keyof MethodsOf<R>> = MethodsOf<R>[M] extends (params: infer P) => unknown
  ? P
  : never;
type Result<R extends Role, M extends keyof MethodsOf<R>> = MethodsOf<R>[M] extends (params: never) => infer A
  ? Awaited<A>
  : never;

interface Pending {
  resolve(result: unknown): void;
  reject(reason: Error): void;
}

const PROGRAM = fileURLToPath(new URL('../child.ts', import.meta.url));

/** For `catch`: ends a process that could not be made ready, and fails as that did. */
export function endFirst(child: { end(): Promise<void> }): (reason: unknown) => Promise<never> {
  return async (reason) => {
    await child.end();
    throw reason;
  };
}

/** A process of its own that does one thing. */
export class BenchProcess<R extends Role> {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;

  /** @param options.nodeOptions for Node itself */
  constructor(role: R, { nodeOptions = [] }: { readonly nodeOptions?: readonly string[] } = {}) {
    this.#child = fork(PROGRAM, [role], { execArgv: [...nodeOptions], serialization: 'advanced' });
    this.#child.on('message', (reply: Reply) => this.#settle(reply));
    this.#child.once('exit', (code, signal) => this.#fail(new Error(`${role} ended (${signal ?? code})`)));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Rejects with what the method rejects with, and when the process has ended. */
  ask<M extends keyof MethodsOf<R> & string>(method: M, params: Params<R, M>): Promise<Result<R, M>> {
    const id = ++this.#asked;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject });
    const question: Question = { id, method, params };
    this.#child.send(question, (error) => {
      if (error !== null) this.#settle({ id, failure: error.message });
    });
    return promise as Promise<Result<R, M>>;
  }

  /** Lets it end; resolves when it has. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    await gone;
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if ('failure' in reply) pending?.reject(new Error(reply.failure));
    else pending?.resolve(reply.result);
  }

  #fail(error: Error): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
