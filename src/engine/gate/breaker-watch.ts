import { afterProbe, DEFAULT_BREAKER, failuresAfter, openedAt, widened } from '../../core/breaker.ts';
import type { DestinationState, Reached } from '../../core/destination.ts';
import type { GateParts } from './gate-parts.ts';
import type { CalledDestination } from './called-destination.ts';

/** A look that is not heard of for this long was lost with its node. */
const PROBE_LEASE_MS = 9_000;
/** Others change the state rarely; who is never first gives way. */
const MOST_TRIES = 20;

/** What came of one call. */
export interface CallReport {
  readonly caller: string;
  readonly isProbe: boolean;
  readonly came: { readonly reached: Reached; readonly code: string } | undefined;
}

/** Changes the states of destinations by what comes of calls; each change is stored, so that all nodes and the next start know it. */
export class BreakerWatch {
  readonly #parts: GateParts;
  readonly #onChanged: (destination: CalledDestination) => void;

  constructor(parts: GateParts, onChanged: (destination: CalledDestination) => void) {
    this.#parts = parts;
    this.#onChanged = onChanged;
  }

  /** True when this process is the one that looks at the destination now. */
  async claimProbe(destination: CalledDestination): Promise<boolean> {
    const { clock, node } = this.#parts;
    let isMine = false;
    await this.#update(destination, (state) => {
      isMine = false;
      if (state.kind !== 'open' || !destination.isProbeDue(clock.now())) return undefined;
      isMine = true;
      return { ...state, probeBy: node, probeAt: clock.now() + PROBE_LEASE_MS };
    });
    const { state } = destination;
    return isMine && state.kind === 'open' && state.probeBy === node;
  }

  /** Prolongs this process's look, however long its call takes; one whose end could not be stored runs out. */
  async prolongProbe(destination: CalledDestination): Promise<void> {
    const { clock, node } = this.#parts;
    if (destination.probing === 0) return;
    await this.#update(destination, (state) => {
      const isLate =
        state.kind === 'open' && state.probeBy === node && state.probeAt - clock.now() < PROBE_LEASE_MS / 2;
      return isLate ? { ...state, probeAt: clock.now() + PROBE_LEASE_MS } : undefined;
    });
  }

  /** Counts a call; resolves when what follows from it is stored. */
  async report(destination: CalledDestination, { caller, isProbe, came }: CallReport): Promise<void> {
    const now = this.#parts.clock.now();
    const rules = destination.rules?.breaker;
    if (isProbe) {
      const probe = { reached: came?.reached, now, reason: came?.code ?? '', rules: rules ?? DEFAULT_BREAKER };
      await this.#update(destination, (state) => (this.#isMine(state) ? afterProbe(state, probe) : undefined));
      return;
    }
    if (came === undefined) return;
    if (rules === undefined) return came.reached === 'answered' ? this.#closeForGood(destination) : undefined;
    destination.failures = failuresAfter(destination.failures, { reached: came.reached, caller, at: now, rules });
    if (came.reached === 'answered') return this.#wentWell(destination);
    const { state } = destination;
    const isDown =
      destination.failures.length >= rules.failures || (state.kind === 'ramping' && came.reached === 'unreached');
    if (!isDown || state.kind === 'open' || state.kind === 'held') return;
    const opened = openedAt(now, came.code, { before: state, rules });
    // Nobody goes while that is being stored.
    this.#enter(destination, opened);
    await this.#update(destination, () => (destination.state === opened ? opened : undefined));
  }

  /** Takes over what another process, or a person, has stored. */
  adopt(destination: CalledDestination, version: number, state: DestinationState): void {
    if (version <= destination.version) return;
    destination.version = version;
    if (destination.state !== state) this.#enter(destination, state);
  }

  #isMine(state: DestinationState): state is Extract<DestinationState, { kind: 'open' }> {
    return state.kind === 'open' && state.probeBy === this.#parts.node;
  }

  /** Its breaker was taken away while it was down: nobody looks whether it answers again, and it does. */
  #closeForGood(destination: CalledDestination): Promise<void> | undefined {
    if (destination.state.kind !== 'open' && destination.state.kind !== 'ramping') return undefined;
    return this.#update(destination, ({ kind }) =>
      kind === 'open' || kind === 'ramping' ? { kind: 'closed' } : undefined,
    );
  }

  async #wentWell(destination: CalledDestination): Promise<void> {
    if (destination.state.kind !== 'ramping') return;
    destination.wentWell++;
    if (destination.wentWell < Math.min(destination.places, destination.ownPlaces(this.#parts.clock.now()))) return;
    await this.#update(destination, (state) =>
      state.kind === 'ramping' ? widened(state, destination.rules?.concurrent ?? 1) : undefined,
    );
  }

  /** Changes the state; when another process, or a person, was first, it is decided again on what they stored. */
  #update(
    destination: CalledDestination,
    decide: (state: DestinationState) => DestinationState | undefined,
  ): Promise<void> {
    const changing = destination.changing.then(() => this.#change(destination, decide));
    destination.changing = changing.catch((error: unknown) => {
      this.#parts.onEvent({ kind: 'fault', run: undefined, error });
    });
    return destination.changing.then(() => undefined);
  }

  async #change(
    destination: CalledDestination,
    decide: (state: DestinationState) => DestinationState | undefined,
  ): Promise<void> {
    const { store, clock } = this.#parts;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const state = decide(destination.state);
      if (state === undefined) return;
      const { key, version } = destination;
      if (await store.change({ key, after: version, state, at: clock.now() })) {
        return this.adopt(destination, version + 1, state);
      }
      const stored = (await store.states()).find((one) => one.key === key);
      if (stored !== undefined) this.adopt(destination, stored.version, stored.state);
    }
  }

  #enter(destination: CalledDestination, state: DestinationState): void {
    const before = destination.state;
    destination.state = state;
    const isNew = before.kind !== state.kind || (state.kind === 'ramping' && before !== state);
    if (isNew) destination.wentWell = 0;
    if (before.kind !== state.kind) {
      destination.failures = [];
      this.#parts.onEvent({ kind: 'destination-changed', destination: destination.key, state });
    }
    this.#onChanged(destination);
  }
}
