import type { Clock } from '../core/clock.ts';
import { MapwrightError } from '../core/error.ts';
import type { NodeRegister } from '../core/node.ts';

/** A third of a lease: with a clock further off, others would take runs that this node works on, or wait for nothing. */
const MOST_CLOCK_LEAD_MS = 3_000;
const LOOK_EVERY_MS = 5_000;

/** Compares the clock of this node with the database's, by which all nodes can be compared. */
export interface ClockWatch {
  /** Rejects with NODE_CLOCK_WRONG when the two differ too much. From then on it looks again every five seconds. */
  start(): Promise<void>;
  /** One look. A look that fails changes nothing. */
  look(): Promise<void>;
  /**
   * False while the clock is wrong: a run that seems abandoned may be held by another node. A clock that was set since the
   * last look is looked at first. What is claimed already goes on, since whoever lost it commits nothing.
   */
  isRight(): Promise<boolean>;
  stop(): void;
}

/** @param params.onWrong Told once when the clock, which was right, has come to be wrong. */
export function createClockWatch(params: {
  readonly nodes: Pick<NodeRegister, 'clockLead'>;
  readonly clock: Clock;
  readonly onWrong: (error: MapwrightError) => void;
}): ClockWatch {
  return new RepeatedClockWatch(params);
}

class RepeatedClockWatch implements ClockWatch {
  readonly #nodes: Pick<NodeRegister, 'clockLead'>;
  readonly #clock: Clock;
  readonly #onWrong: (error: MapwrightError) => void;
  #lead = 0;
  /** What the clock showed when the process's own count was at nothing: it changes when somebody sets the clock. */
  #origin: number;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ nodes, clock, onWrong }: Parameters<typeof createClockWatch>[0]) {
    this.#nodes = nodes;
    this.#clock = clock;
    this.#onWrong = onWrong;
    this.#origin = this.#originNow();
  }

  async start(): Promise<void> {
    await this.#measure();
    if (isTooMuch(this.#lead)) throw clockWrong(this.#lead);
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  look(): Promise<void> {
    return (this.#looking ??= this.#measureAgain().finally(() => (this.#looking = undefined)));
  }

  async isRight(): Promise<boolean> {
    if (!this.#seemsRight()) await this.look();
    return this.#seemsRight();
  }

  #seemsRight(): boolean {
    return !isTooMuch(this.#lead) && !isTooMuch(this.#originNow() - this.#origin);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #measureAgain(): Promise<void> {
    const wasRight = !isTooMuch(this.#lead);
    try {
      await this.#measure();
    } catch {
      // Without the database nothing can be claimed either.
      return;
    }
    if (wasRight && isTooMuch(this.#lead)) this.#onWrong(clockWrong(this.#lead));
  }

  async #measure(): Promise<void> {
    const origin = this.#originNow();
    this.#lead = await this.#nodes.clockLead();
    this.#origin = origin;
  }

  #originNow(): number {
    return this.#clock.now() - performance.now();
  }
}

function isTooMuch(leadMs: number): boolean {
  return Math.abs(leadMs) > MOST_CLOCK_LEAD_MS;
}

function clockWrong(lead: number): MapwrightError {
  const seconds = (Math.abs(lead) / 1000).toFixed(1);
  const message = `The clock of this machine is ${seconds} s ${lead > 0 ? 'ahead of' : 'behind'} the database's.`;
  return new MapwrightError('NODE_CLOCK_WRONG', message, {
    hint: 'Nodes tell by their clocks whether a run is still held, and claim none while theirs is wrong: let NTP set the clocks of all machines.',
  });
}
