import type { DestinationGate, Entry, EntryRequest, Place } from '../../core/destination.ts';
import { BreakerWatch } from './breaker-watch.ts';
import { CalledDestination } from './called-destination.ts';
import type { GateParts } from './gate-parts.ts';
import { waitEntry } from './wait-entry.ts';

const TICK_MS = 1_000;
/** Shares are renewed with each tick; those of a node that has died are free after this long. */
const SHARE_LEASE_MS = 9_000;
/** Newcomers are gathered for this long before they ask for a share, which a node does no more often than that. */
const GATHER_MS = 5;
const SHARE_PAUSE_MS = 100;
/** On shared installs, so many ticks from one look for runs that other processes have parked to the next. */
const BACKLOG_TICKS = 10;

/** The way to all destinations for one process; where several work on the install, it keeps to its shares. */
export function createDestinationGate(parts: GateParts): DestinationGate {
  return new LocalGate(parts);
}

class LocalGate implements DestinationGate {
  readonly #parts: GateParts;
  readonly #watch: BreakerWatch;
  readonly #destinations = new Map<string, CalledDestination>();
  #ticks = 0;
  #ticking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #sharing: Promise<void> | undefined;
  #sharedAt = 0;
  #isStopped = false;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.#watch = new BreakerWatch(parts, (destination) => this.#moved(destination));
  }

  async enter(request: EntryRequest): Promise<Entry> {
    const destination = this.#destination(request.rules.key);
    destination.rules = request.rules;
    const { clock } = this.#parts;
    if (destination.isProbeDue(clock.now()) && (await this.#watch.claimProbe(destination))) {
      return { kind: 'place', place: this.#take(destination, request.caller, true) };
    }
    if (destination.queue.length === 0 && destination.obstacle(clock.now()) === undefined) {
      return { kind: 'place', place: this.#take(destination, request.caller, false) };
    }
    const obstacle = destination.obstacle(clock.now());
    if (obstacle !== 'down' && obstacle !== 'held') {
      const { caller, goesFirst, waitMs } = request;
      const waiting = destination.queue.wait({ caller, goesFirst, waitMs, places: destination.places });
      destination.noteDemand();
      if (destination.hasLessThanAll(clock.now())) this.#shareSoon();
      this.#moved(destination);
      const place = await waiting;
      if (place !== undefined) return { kind: 'place', place };
    }
    return waitEntry(destination, destination.obstacle(clock.now()) ?? obstacle ?? 'places', this.#parts);
  }

  parked(key: string): void {
    const destination = this.#destination(key);
    destination.mayBeAwaited = true;
    destination.parkings++;
    destination.parked++;
    // The place may have come free before the wait was stored: nobody else would tell this run.
    if (destination.obstacle(this.#parts.clock.now()) === undefined) void this.#wake(destination, 1);
    else this.#wakeInTime(destination);
  }

  tick(): Promise<void> {
    this.#ticking ??= this.#tickOnce().finally(() => (this.#ticking = undefined));
    return this.#ticking;
  }

  async #tickOnce(): Promise<void> {
    const { store, clock, onEvent } = this.#parts;
    try {
      const isFirst = this.#ticks === 0;
      if (isFirst || store.isShared) await this.#readStates();
      if (isFirst || (store.isShared && this.#ticks % BACKLOG_TICKS === 0)) await this.#readBacklog();
      this.#ticks++;
      await this.#share();
      for (const one of this.#destinations.values()) one.forgetDemand();
      const now = clock.now();
      for (const destination of this.#destinations.values()) {
        if (destination.isDown) await this.#look(destination, now);
        else this.#moved(destination);
      }
    } catch (error) {
      onEvent({ kind: 'fault', run: undefined, error });
    }
  }

  async refresh(): Promise<void> {
    await this.#readStates();
    const now = this.#parts.clock.now();
    for (const destination of this.#destinations.values()) {
      if (destination.state.kind === 'open') await this.#look(destination, now);
    }
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    await this.tick();
    this.#timer = setInterval(() => void this.tick(), TICK_MS).unref();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#gathering);
    for (const { timer } of this.#destinations.values()) clearTimeout(timer);
    await Promise.all([...this.#destinations.values()].map(({ changing }) => changing));
    await this.#sharing?.catch(() => undefined);
    await this.#ticking;
    // What cannot be given back now is free when its lease ends.
    if (this.#parts.store.isShared) await this.#parts.store.leave(this.#parts.node).catch(() => undefined);
  }

  uses(): ReturnType<DestinationGate['uses']> {
    return [...this.#destinations.values()].map((one) => one.use()).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  #destination(key: string): CalledDestination {
    const known = this.#destinations.get(key);
    if (known !== undefined) return known;
    const made = new CalledDestination(key, this.#parts.store.isShared);
    this.#destinations.set(key, made);
    return made;
  }

  #take(destination: CalledDestination, caller: string, isProbe: boolean): Place {
    destination.underWay++;
    if (isProbe) destination.probing++;
    destination.noteDemand();
    destination.window.add(this.#parts.clock.now());
    let isLeft = false;
    return {
      isProbe,
      leave: (came) => {
        if (isLeft) return;
        isLeft = true;
        destination.underWay--;
        if (isProbe) destination.probing--;
        destination.queue.moved();
        void this.#watch.report(destination, { caller, isProbe, came });
        this.#moved(destination);
      },
    };
  }

  /** Lets go on whoever may: those in the queue, then those in the journal. */
  #moved(destination: CalledDestination): void {
    if (destination.isStopped) return destination.queue.clear();
    const { clock } = this.#parts;
    while (destination.queue.length > 0 && destination.obstacle(clock.now()) === undefined) {
      destination.queue.give((caller) => this.#take(destination, caller, false));
    }
    const room = destination.roomForParked(clock.now());
    if (room > 0) void this.#wake(destination, room);
    else this.#wakeInTime(destination);
  }

  /** A rate lets somebody go on when time passes, and not because anything happens. */
  #wakeInTime(destination: CalledDestination): void {
    const { clock } = this.#parts;
    const rate = destination.rules?.rate;
    if (rate === undefined || destination.timer !== undefined || this.#isStopped) return;
    if (destination.queue.length === 0 && !destination.mayBeAwaited) return;
    if (destination.obstacle(clock.now()) !== 'rate') return;
    const free = destination.window.nextFree(rate);
    if (free === undefined) return;
    destination.timer = setTimeout(
      () => {
        destination.timer = undefined;
        this.#moved(destination);
      },
      Math.min(TICK_MS, Math.max(1, free - clock.now())),
    ).unref();
  }

  async #wake(destination: CalledDestination, limit: number): Promise<void> {
    if (this.#isStopped || !destination.mayBeAwaited || destination.isWaking) return;
    destination.isWaking = true;
    const before = destination.parkings;
    try {
      const woken = await this.#parts.wake({ key: destination.key, limit: Number.isFinite(limit) ? limit : 1 });
      destination.parked = Math.max(0, destination.parked - woken);
      // A run parked in the meantime may have come too late to be found.
      if (woken === 0 && destination.parkings === before) {
        destination.mayBeAwaited = false;
        destination.parked = 0;
      }
    } catch (error) {
      this.#parts.onEvent({ kind: 'fault', run: undefined, error });
    } finally {
      destination.isWaking = false;
    }
  }

  /** Sends the run that has waited longest to look whether the destination answers again. */
  async #look(destination: CalledDestination, now: number): Promise<void> {
    await this.#watch.prolongProbe(destination);
    if (destination.isProbeDue(now)) await this.#wake(destination, 1);
  }

  async #readStates(): Promise<void> {
    for (const { key, version, state } of await this.#parts.store.states()) {
      this.#watch.adopt(this.#destination(key), version, state);
    }
  }

  /** Runs that were parked by another process, or by this one before it was started anew. */
  async #readBacklog(): Promise<void> {
    for (const { key, waiting } of await this.#parts.store.backlog()) {
      const destination = this.#destination(key);
      destination.mayBeAwaited = true;
      destination.parked = Math.max(destination.parked, waiting);
    }
  }

  /** Asks for a share at once when somebody stands before a destination that this node has none of. */
  #shareSoon(): void {
    const { store, clock } = this.#parts;
    if (!store.isShared || this.#isStopped) return;
    const sinceLast = clock.now() - this.#sharedAt;
    const pause = sinceLast < 0 ? GATHER_MS : Math.max(GATHER_MS, SHARE_PAUSE_MS - sinceLast);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#share().catch((error: unknown) => this.#parts.onEvent({ kind: 'fault', run: undefined, error }));
    }, pause).unref();
  }

  /** One round at a time: what is used must not grow between the question and the answer. */
  #share(): Promise<void> {
    if (!this.#parts.store.isShared) return Promise.resolve();
    this.#sharing ??= this.#shareOnce().finally(() => (this.#sharing = undefined));
    return this.#sharing;
  }

  async #shareOnce(): Promise<void> {
    const { store, node, clock } = this.#parts;
    const now = clock.now();
    this.#sharedAt = now;
    const needed = [...this.#destinations.values()].filter((one) => one.isShareNeeded);
    if (needed.length === 0) return;
    const wishes = needed.map((one) => one.wish(now));
    for (const share of await store.share({ node, now, leaseMs: SHARE_LEASE_MS, wishes })) {
      const destination = this.#destination(share.key);
      destination.takeShare(share, now + SHARE_LEASE_MS);
      this.#moved(destination);
    }
  }
}
