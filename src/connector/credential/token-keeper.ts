import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { HeldToken, TokenStore } from '../../core/credential.ts';
import type { Sealer } from '../../core/secret-store.ts';
import { HeldTokens, isDue, isValid, nameOf, type OpenToken } from './held-token.ts';
import { maskedError, secretsOfRequest } from './masked-error.ts';
import { TokenError } from './token-error.ts';
import type { TokenSource } from './token-source.ts';
import { patient, type Waiting, within } from './token-wait.ts';

/** What tokens are kept with. */
export interface KeeperParts {
  readonly tokens: TokenStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** A token to call with. */
export interface Obtained {
  readonly token: HeldToken;
  /** Of the row that it stands in. */
  readonly version: number;
}

/** Nobody else renews for so long. */
const HOLD_MS = 30_000;
/** What the other side gets of it. */
const ASKING_MS = 25_000;
/** How long one that was refused is not asked again: many runs at once must not lock an account. */
const REFUSED_MS = 3_000;
const CLOSING_MS = 5_000;

/**
 * Tokens for all calls of an install. Whoever needs one that is missing, due or spent renews it, alone among all nodes, and
 * stores what came of it before anybody uses it; the others wait for that.
 */
export class TokenKeeper {
  readonly #parts: KeeperParts;
  readonly #held: HeldTokens;
  readonly #renewals = new Map<string, Promise<Obtained>>();
  readonly #refused = new Map<
    string,
    { readonly version: number; readonly error: TokenError; readonly until: number }
  >();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#held = new HeldTokens(parts.tokens, parts.sealer);
  }

  /** A token that counts; `spent` is the version of one that an answer said no to. Rejects with TokenError and others. */
  async obtain(source: TokenSource, waiting: Waiting, spent?: number): Promise<Obtained> {
    const known = await this.#held.read(source);
    const { clock } = this.#parts;
    if (isValid(known, clock.now(), spent) && !isDue(known, source, clock.now())) return obtained(known);
    for (;;) {
      const found = await within(this.#renewal(source, spent), waiting);
      // Somebody else may have asked before it was known that this one is spent.
      if (found.version !== spent) return found;
    }
  }

  /**
   * Stores a token that a person's sign-in gave. Some providers give what renews it at the first sign-in alone: what is kept of
   * an earlier one stays then, where both are known to be of the same account.
   */
  async put(source: TokenSource, token: HeldToken): Promise<void> {
    const { tokens, clock } = this.#parts;
    const { key, fingerprint } = source;
    const { held } = await this.#held.readNow(source);
    const isSame = token.account !== undefined && token.account === held?.account;
    const whole = { ...token, refresh: token.refresh ?? (isSame ? held.refresh : undefined) };
    await tokens.put({ ...key, fingerprint, sealed: this.#held.seal(whole), at: clock.now() });
    this.#held.forget(source);
    this.#refused.delete(nameOf(source));
  }

  /** Waits a little for renewals under way: a token that was given and not stored may be the last one. */
  async close(): Promise<void> {
    const all = Promise.allSettled(this.#renewals.values());
    await Promise.race([all, patient(CLOSING_MS)]);
  }

  /** One at a time in this process. */
  #renewal(source: TokenSource, spent: number | undefined): Promise<Obtained> {
    const name = nameOf(source);
    const underWay = this.#renewals.get(name);
    if (underWay !== undefined) return underWay;
    const renewal = this.#renew(source, spent).finally(() => {
      this.#held.forget(source);
      this.#renewals.delete(name);
    });
    this.#renewals.set(name, renewal);
    return renewal;
  }

  async #renew(source: TokenSource, spent: number | undefined): Promise<Obtained> {
    const { tokens, clock } = this.#parts;
    for (let pauseMs = 20; ; pauseMs = Math.min(250, pauseMs * 2)) {
      const known = await this.#held.readNow(source);
      const now = clock.now();
      if (isValid(known, now, spent) && !isDue(known, source, now)) return obtained(known);
      const { row } = known;
      this.#requireHope(source, known);
      const renewer = randomUUID();
      const version = row?.version ?? 0;
      if (await tokens.beginRenewal({ ...source.key, version, renewer, at: now, until: now + HOLD_MS })) {
        const renewed = await this.#renewNow(source, { known, renewer, spent });
        if (renewed !== undefined) return renewed;
      } else if (isValid(known, now, spent)) {
        // Somebody else sees to the next one; this one still counts.
        return obtained(known);
      }
      await patient(pauseMs);
    }
  }

  /** Throws where asking would be in vain. */
  #requireHope(source: TokenSource, { row, held }: OpenToken): void {
    if (source.unconnected !== undefined && held === undefined) {
      const isOther = row?.sealed !== undefined;
      throw source.unconnected(row?.problem ?? (isOther ? 'it was connected with other settings' : undefined));
    }
    const refused = this.#refused.get(nameOf(source));
    if (refused === undefined || row?.version !== refused.version || this.#parts.clock.now() >= refused.until) return;
    throw refused.error;
  }

  /** Undefined when somebody else has stored a token, or taken one away, meanwhile. */
  async #renewNow(
    source: TokenSource,
    { known, renewer, spent }: { known: OpenToken; renewer: string; spent: number | undefined },
  ): Promise<Obtained | undefined> {
    const { clock } = this.#parts;
    const until = clock.now() + ASKING_MS;
    const remainingMs = (): number => until - clock.now();
    const wasInterrupted = known.row?.renewer !== undefined;
    const { held } = known;
    const secrets = secretsOfRequest([...source.secrets, held?.access, held?.refresh]);
    let token: HeldToken;
    try {
      token = await source.get({ held, wasInterrupted, remainingMs, secrets });
    } catch (thrown) {
      return this.#fail(source, { known, renewer, spent, error: maskedError(thrown, secrets) });
    }
    const isStored = await this.#end(source, renewer, { sealed: this.#held.seal(token) });
    return isStored ? { token, version: (known.row?.version ?? 0) + 1 } : undefined;
  }

  /** What is there still serves when it was to be renewed ahead of time only. */
  async #fail(
    source: TokenSource,
    params: { known: OpenToken; renewer: string; spent: number | undefined; error: Error },
  ): Promise<Obtained | undefined> {
    const { known, renewer, spent, error } = params;
    const isRefusal = error instanceof TokenError && error.isRefusal;
    const now = this.#parts.clock.now();
    const serves = isValid(known, now, spent) && (source.unconnected === undefined || !isRefusal);
    const isThrownAway = isRefusal && !serves;
    await this.#end(source, renewer, {
      problem: error instanceof TokenError ? error.words : error.message,
      isThrownAway,
    });
    const version = (known.row?.version ?? 0) + 1;
    if (serves) return { ...obtained(known), version };
    if (isRefusal) this.#refused.set(nameOf(source), { version, error, until: now + REFUSED_MS });
    throw error;
  }

  /** Tried again while nobody else may renew: what the other side gave is given only once. */
  async #end(
    { key, fingerprint }: TokenSource,
    renewer: string,
    outcome: Parameters<TokenStore['endRenewal']>[0]['outcome'],
  ): Promise<boolean> {
    const { tokens, clock } = this.#parts;
    const until = clock.now() + HOLD_MS - ASKING_MS;
    for (;;) {
      try {
        return await tokens.endRenewal({ ...key, renewer, at: clock.now(), fingerprint, outcome });
      } catch (thrown) {
        if (clock.now() >= until) throw thrown;
        await patient(250);
      }
    }
  }
}

function obtained({ row, held }: OpenToken): Obtained {
  if (row === undefined || held === undefined) throw new Error('there is no token');
  return { token: held, version: row.version };
}
