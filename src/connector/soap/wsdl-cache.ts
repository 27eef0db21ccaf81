import type { Clock } from '../../core/clock.ts';
import { WsdlUnreachedError } from '../../core/soap.ts';
import type { FetchedService } from './fetch-wsdl.ts';

const LIFETIME_MS = 5 * 60_000;
/** How old a description may be that serves because a newer one cannot be had. */
const LAST_RESORT_MS = 24 * 3_600_000;
const MAX_ENTRIES = 64;
/** Characters of all kept descriptions together. */
const MAX_SIZE = 32 * 1024 * 1024;

interface Entry {
  readonly fetched: FetchedService;
  readonly at: number;
}

/** Descriptions that have been read. Several that ask for the same one at once wait for one reading; a failed one is not kept. */
export class WsdlCache {
  readonly #clock: Clock;
  /** In the order in which they were read. */
  readonly #entries = new Map<string, Entry>();
  readonly #underWay = new Map<string, Promise<FetchedService>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(key: string, fetch: () => Promise<FetchedService>): Promise<FetchedService> {
    const entry = this.#entries.get(key);
    const age = entry === undefined ? Infinity : this.#clock.now() - entry.at;
    if (entry !== undefined && age < LIFETIME_MS) return entry.fetched;
    try {
      return await this.renew(key, fetch);
    } catch (thrown) {
      if (entry !== undefined && age < LAST_RESORT_MS && thrown instanceof WsdlUnreachedError) return entry.fetched;
      throw thrown;
    }
  }

  /** Reads it now, whatever is kept. */
  renew(key: string, fetch: () => Promise<FetchedService>): Promise<FetchedService> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const reading = fetch()
      .then((fetched) => this.#keep(key, fetched))
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, reading);
    return reading;
  }

  #keep(key: string, fetched: FetchedService): FetchedService {
    this.#entries.delete(key);
    this.#entries.set(key, { fetched, at: this.#clock.now() });
    let size = [...this.#entries.values()].reduce((sum, one) => sum + one.fetched.size, 0);
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= MAX_ENTRIES && size <= MAX_SIZE) break;
      this.#entries.delete(oldest);
      size -= entry.fetched.size;
    }
    return fetched;
  }
}
