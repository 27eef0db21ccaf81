import type { HeldToken, TokenRow, TokenStore } from '../../core/credential.ts';
import type { Sealer } from '../../core/secret-store.ts';
import type { TokenSource } from './token-source.ts';

/** A kept token, opened. */
export interface OpenToken {
  readonly row: TokenRow | undefined;
  /** Undefined when there is none that was got with these settings. */
  readonly held: HeldToken | undefined;
}

/** How long a row is believed without looking: other nodes change it too. */
const BELIEVED_MS = 1_000;
const MOST_REMEMBERED = 10_000;
/** A renewal ahead of time that failed is not tried again with every call. */
const FAILED_PAUSE_MS = 10_000;

/** Kept tokens in plain text, remembered for a second. */
export class HeldTokens {
  readonly #store: TokenStore;
  readonly #sealer: Sealer;
  readonly #known = new Map<string, { readonly open: OpenToken; readonly readAt: number }>();

  constructor(store: TokenStore, sealer: Sealer) {
    this.#store = store;
    this.#sealer = sealer;
  }

  async read(source: TokenSource): Promise<OpenToken> {
    const known = this.#known.get(nameOf(source));
    return known !== undefined && performance.now() - known.readAt < BELIEVED_MS ? known.open : this.readNow(source);
  }

  async readNow(source: TokenSource): Promise<OpenToken> {
    const row = await this.#store.get(source.key);
    const fits = row?.sealed !== undefined && row.fingerprint === source.fingerprint;
    const open = { row, held: fits ? this.#open(row.sealed) : undefined };
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(nameOf(source), { open, readAt: performance.now() });
    return open;
  }

  forget(source: TokenSource): void {
    this.#known.delete(nameOf(source));
  }

  seal(token: HeldToken): string {
    return this.#sealer.seal(JSON.stringify(token));
  }

  #open(sealed: string | undefined): HeldToken | undefined {
    return openToken(this.#sealer, sealed);
  }
}

/** The kept token in plain text; undefined without one. What was sealed under another key is as good as none. */
export function openToken(sealer: Pick<Sealer, 'open'>, sealed: string | undefined): HeldToken | undefined {
  try {
    // Sound because nothing else is ever sealed in this place.
    return sealed === undefined ? undefined : (JSON.parse(sealer.open(sealed)) as HeldToken);
  } catch {
    return undefined;
  }
}

/** Names a token with its settings, for those in one process that want the same. */
export function nameOf({ key, fingerprint }: TokenSource): string {
  return JSON.stringify([key.credential, key.subject, fingerprint]);
}

/** True when calls may carry it at `now`; `spent` is the version that an answer said no to. */
export function isValid({ row, held }: OpenToken, now: number, spent: number | undefined): boolean {
  if (row === undefined || held === undefined || row.version === spent) return false;
  return held.expiresAt === undefined || held.expiresAt > now;
}

/** True when a token that is valid is to be renewed: soon it is not. One that lives shortly is used for half of its life. */
export function isDue({ row, held }: OpenToken, { renewal }: TokenSource, now: number): boolean {
  if (row === undefined || held?.expiresAt === undefined) return false;
  if (row.problem !== undefined && now < row.changedAt + FAILED_PAUSE_MS) return false;
  const life = held.expiresAt - row.changedAt;
  return now >= held.expiresAt - (row.problem === undefined ? Math.min(renewal.beforeMs, life / 2) : renewal.beforeMs);
}
