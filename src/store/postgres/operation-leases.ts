import type { Clock } from '../../core/clock.ts';
import type { PostgresDatabase } from './database.ts';

/** After the death of a node this long nobody carries out the operations that it had begun. */
export const OPERATION_LEASE_MS = 30_000;
const RENEW_EVERY_MS = OPERATION_LEASE_MS / 3;

/** Keeps the leases of one node on queued operations while it holds any. */
export class OperationLeases {
  readonly owner: string;
  readonly #db: PostgresDatabase;
  readonly #clock: Clock;
  #timer: NodeJS.Timeout | undefined;

  constructor(db: PostgresDatabase, { owner, clock }: { readonly owner: string; readonly clock: Clock }) {
    this.owner = owner;
    this.#db = db;
    this.#clock = clock;
  }

  /** Renews what this node holds from now on; to be called when it has taken operations. */
  keep(): void {
    this.#timer ??= setInterval(() => void this.renew().catch(() => undefined), RENEW_EVERY_MS).unref();
  }

  /** One round: prolongs the leases; gives how many there are. A round that fails is made good by the next. */
  async renew(): Promise<number> {
    const held = await this.#db.run('UPDATE queued_operations SET lease_until = $1 WHERE lease_owner = $2', [
      this.#clock.now() + OPERATION_LEASE_MS,
      this.owner,
    ]);
    if (held === 0) this.#rest();
    return held;
  }

  /** Hands back what this node holds, so that others need not wait for the leases to end. */
  async close(): Promise<void> {
    const hadTaken = this.#timer !== undefined;
    this.#rest();
    if (!hadTaken) return;
    await this.#db.run('UPDATE queued_operations SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1', [
      this.owner,
    ]);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
