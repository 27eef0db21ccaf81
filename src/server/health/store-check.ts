import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import type { StoreWatch } from '../../core/store-watch.ts';
import { type CheckResult, FINE } from './check-result.ts';

/** The database is written to no more often than this, however often somebody asks. */
const PROBE_EVERY_MS = 5_000;
/** A database that takes longer is as good as none. */
const PATIENCE_MS = 4_000;

/** Looks whether the database takes changes. */
export class StoreCheck {
  readonly #store: StoreWatch;
  readonly #clock: Clock;
  #probing: Promise<CheckResult> | undefined;
  #last: { readonly at: number; readonly result: CheckResult } | undefined;

  constructor(store: StoreWatch, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** What the last look came to when it is recent, else that of a new one. Never rejects. */
  result(): Promise<CheckResult> {
    const age = this.#clock.now() - (this.#last?.at ?? -Infinity);
    if (this.#last !== undefined && age >= 0 && age < PROBE_EVERY_MS) return Promise.resolve(this.#last.result);
    this.#probing ??= this.#probe();
    return soon(this.#probing);
  }

  /** One that hangs is waited for by all: a second one would hang behind it. */
  async #probe(): Promise<CheckResult> {
    const at = this.#clock.now();
    const result = await this.#store.probe(at).then(
      () => FINE,
      (thrown: unknown) => unwritable(thrown),
    );
    this.#last = { at: this.#clock.now(), result };
    this.#probing = undefined;
    return result;
  }
}

function soon(probing: Promise<CheckResult>): Promise<CheckResult> {
  return new Promise((resolve) => {
    const slow: CheckResult = {
      ok: false,
      reason: `the database has not taken a change for ${PATIENCE_MS / 1000} s`,
      code: 'STORE_UNAVAILABLE',
    };
    const timer = setTimeout(resolve, PATIENCE_MS, slow);
    void probing.then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}

/** The message of a failure may name hosts and folders: it is for the log. */
function unwritable(thrown: unknown): CheckResult {
  const code = thrown instanceof MapwrightError ? thrown.code : 'STORE_UNAVAILABLE';
  return { ok: false, reason: 'the database takes no change', code };
}
