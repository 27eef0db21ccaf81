import type { MiddlewareHandler } from 'hono';

const RETRY_AFTER_S = '5';
const STOPPING = 'SERVER_STOPPING';

/** Counts requests under way, so that a server can end when they have. */
export class Drain {
  #underWay = 0;
  #isDraining = false;
  #onIdle: (() => void) | undefined;

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Refuses (503) what comes once the server drains; to be put before what calls do, and not before what asks how it is. */
  readonly middleware: MiddlewareHandler = async (_context, next) => {
    if (this.#isDraining) return refused();
    this.#underWay++;
    try {
      return await next();
    } finally {
      if (--this.#underWay === 0) this.#onIdle?.();
    }
  };

  /** Takes no more; resolves when what is under way has ended, or after `graceMs`. */
  async begin(graceMs: number): Promise<void> {
    this.#isDraining = true;
    if (this.#underWay === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onIdle = resolve;
    const timer = setTimeout(resolve, graceMs);
    await promise;
    clearTimeout(timer);
  }
}

function refused(): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': RETRY_AFTER_S, Connection: 'close' };
  return new Response(`${STOPPING}: it is about to stop; ask again in a moment\n`, { status: 503, headers });
}
