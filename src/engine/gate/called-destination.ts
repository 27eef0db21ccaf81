import type { FailureRow } from '../../core/breaker.ts';
import type {
  DestinationRules,
  DestinationState,
  DestinationUse,
  Place,
  Share,
  ShareWish,
} from '../../core/destination.ts';
import { CallWindow } from './call-window.ts';
import { PlaceQueue } from './place-queue.ts';

/** What keeps a call from being made now. */
export type Obstacle = 'held' | 'down' | 'places' | 'rate';

/** A share with the time until which it is good. */
type HeldShare = Pick<Share, 'places' | 'calls'> & { readonly until: number };

const UNSHARED: HeldShare = { places: Infinity, calls: Infinity, until: Infinity };
const NO_SHARE: HeldShare = { places: 0, calls: 0, until: 0 };

/** One destination as this process calls it. */
export class CalledDestination {
  readonly key: string;
  readonly queue = new PlaceQueue<Place>();
  readonly window = new CallWindow();
  /** As the latest caller's revision says; undefined until somebody called. */
  rules: DestinationRules | undefined;
  state: DestinationState = { kind: 'closed' };
  version = 0;
  underWay = 0;
  /** Those of them that look whether it answers again. */
  probing = 0;
  failures: FailureRow = [];
  /** Calls that went well since the ramp was last widened. */
  wentWell = 0;
  /** How many runs wait in the journal, as far as this process knows. */
  parked = 0;
  /** False once it was seen that none waits. One not heard of since the start may have some. */
  mayBeAwaited = true;
  /** How often a run was parked. */
  parkings = 0;
  isWaking = false;
  timer: NodeJS.Timeout | undefined;
  /** Changes of the state go one after another. */
  changing: Promise<unknown> = Promise.resolve();
  #share: HeldShare;
  /** The most places that were wanted at once lately. */
  #peak = 0;

  constructor(key: string, isShared: boolean) {
    this.key = key;
    this.#share = isShared ? NO_SHARE : UNSHARED;
  }

  /** True while nobody is to call it. One whose breaker was taken away since it went down is called all the same. */
  get isDown(): boolean {
    return this.state.kind === 'open' && (this.rules === undefined || this.rules.breaker !== undefined);
  }

  /** True while nobody gets a place, but who looks whether it answers again. */
  get isStopped(): boolean {
    return this.state.kind === 'held' || this.isDown;
  }

  /** Over all nodes: fewer while it is found out how much an outage has left standing. */
  get places(): number {
    const concurrent = this.rules?.concurrent ?? 1;
    return this.state.kind === 'ramping' ? Math.min(concurrent, this.state.places) : concurrent;
  }

  /** Places that this process may use. */
  ownPlaces(now: number): number {
    return now < this.#share.until ? Math.min(this.places, this.#share.places) : 0;
  }

  /** Calls that this process may begin now, as far as the rate goes. */
  freeCalls(now: number): number {
    const rate = this.rules?.rate;
    if (rate === undefined) return Infinity;
    const own = now < this.#share.until ? Math.min(rate.calls, this.#share.calls) : 0;
    return Math.max(0, own - this.window.count(now, rate));
  }

  obstacle(now: number): Obstacle | undefined {
    if (this.state.kind === 'held') return 'held';
    if (this.isDown) return 'down';
    if (this.underWay >= this.ownPlaces(now)) return 'places';
    return this.freeCalls(now) > 0 ? undefined : 'rate';
  }

  /** Runs of the journal that may be called: before the queue runs dry, because newcomers would always be there sooner. */
  roomForParked(now: number): number {
    if (this.isStopped) return 0;
    return Math.min(this.ownPlaces(now), this.freeCalls(now)) - this.queue.length;
  }

  /** True when a look at it is due. A look that was lost with its node is due again. */
  isProbeDue(now: number): boolean {
    return this.state.kind === 'open' && this.isDown && now >= this.state.probeAt;
  }

  /** What this process would like to have, and what it may begin until it is told: no more than it says that it uses. */
  wish(now: number): ShareWish {
    const rate = this.rules?.rate;
    const usedCalls = rate === undefined ? 0 : this.window.count(now, rate);
    const { isStopped } = this;
    const waiting = isStopped ? 0 : this.queue.length + (this.mayBeAwaited ? this.parked : 0);
    const demand = Math.max(this.underWay + this.queue.length, this.#peak);
    // Room to grow, so that a node whose traffic rises does not ask before each call.
    const wantedPlaces = isStopped ? this.underWay : demand * 2 + waiting;
    const wantedCalls = isStopped || demand + waiting === 0 ? usedCalls : usedCalls * 2 + waiting + 1;
    this.#share = {
      places: Math.min(this.#share.places, this.underWay),
      calls: Math.min(this.#share.calls, usedCalls),
      until: this.#share.until,
    };
    const used = { usedPlaces: this.underWay, usedCalls };
    return { key: this.key, places: this.places, calls: rate?.calls, ...used, wantedPlaces, wantedCalls };
  }

  /** To be told when somebody takes a place or begins to wait for one. */
  noteDemand(): void {
    this.#peak = Math.max(this.#peak, this.underWay + this.queue.length);
  }

  /** What was wanted before counts half from now on. */
  forgetDemand(): void {
    this.#peak = Math.floor(this.#peak / 2);
  }

  /** False when all that there is to share is here already. */
  hasLessThanAll(now: number): boolean {
    const rate = this.rules?.rate;
    const hasCalls = rate === undefined || (now < this.#share.until && this.#share.calls >= rate.calls);
    return this.ownPlaces(now) < this.places || !hasCalls;
  }

  takeShare({ places, calls }: Share, until: number): void {
    this.#share = { places, calls, until };
  }

  /** True when it has to tell other nodes something: what it uses, wants, or can give back. */
  get isShareNeeded(): boolean {
    const wants =
      this.underWay > 0 || this.queue.length > 0 || (this.mayBeAwaited && this.parked > 0) || this.#peak > 0;
    return wants || this.#share.places > 0 || this.#share.calls > 0;
  }

  use(): DestinationUse {
    const { key, state, underWay, rules } = this;
    return { key, state, underWay, limits: rules && { concurrent: rules.concurrent, rate: rules.rate } };
  }
}
