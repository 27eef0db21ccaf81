import type { Clock } from '../../core/clock.ts';
import type { WorkerPulse } from '../../core/worker-pulse.ts';

/** Takes a worker's pulse: the store tells it what the worker asks, and the install when it starts and stops. */
export class PulseTaker implements WorkerPulse {
  readonly #clock: Clock;
  startedAt: number | undefined;
  isStopping = false;
  triedAt: number | undefined;
  answeredAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(): void {
    this.startedAt = this.#clock.now();
    this.isStopping = false;
  }

  stop(): void {
    this.isStopping = true;
  }

  /** What the worker asks, on its way to the store. */
  async follow<T>(asked: Promise<T>): Promise<T> {
    this.triedAt = this.#clock.now();
    const answer = await asked;
    this.answeredAt = this.#clock.now();
    return answer;
  }
}
