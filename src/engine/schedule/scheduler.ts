import { MapwrightError } from '../../core/error.ts';
import type { ScheduleState } from '../../core/schedule.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { type CompiledSchedule, timingText } from '../../catalog/schedule/compiled-schedule.ts';
import { knownSchedules } from './known-schedules.ts';
import { changeSchedule, type ScheduleParts } from './schedule-parts.ts';
import { decideSlot } from './slot-turn.ts';
import { workOnSlot } from './slot-worker.ts';
import { type Slots, slotsOf } from './slots.ts';

/** How long a schedule that was applied, resumed or left by another node may go unseen. */
const SWEEP_MS = 1_000;

/** Starts workflows by the clock. */
export interface Scheduler {
  /** Begins to look at the clock. */
  start(): void;
  /** Fires what is due now, once; resolves when all runs of those slots are accepted. Never rejects. */
  tick(): Promise<void>;
  /**
   * Begins a slot that no clock asks for, and works on it as far as it can. Rejects with SCHEDULE_UNKNOWN, and with
   * SCHEDULE_BUSY while another slot is being worked.
   */
  runNow(name: string, by: string): Promise<ScheduleState>;
  /** Begins no more; resolves when the page under way is stored. */
  stop(): Promise<void>;
}

/** A scheduler for one of the processes that work on an install: they may be any number. */
export function createScheduler(parts: ScheduleParts): Scheduler {
  return new ClockScheduler(parts);
}

class ClockScheduler implements Scheduler {
  readonly #parts: ScheduleParts;
  /** Schedules that are looked after at the moment: each by one turn at a time. */
  readonly #busy = new Map<string, Promise<void>>();
  /** Calendars, and the next slot of each schedule, worked out once. */
  readonly #slots = new Map<string, Slots>();
  readonly #next = new Map<string, { readonly of: string; readonly slot: number | undefined }>();
  /** Slots of which it was told that they wait. */
  readonly #waiting = new Map<string, number>();
  #seenRevision = -1;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isStopping = false;
  #isFailing = false;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#sleep(0);
  }

  async tick(): Promise<void> {
    await this.#look();
    await Promise.all(this.#busy.values());
  }

  async runNow(name: string, by: string): Promise<ScheduleState> {
    const { store, engine } = this.#parts;
    await knownSchedules(this.#parts);
    const slot = engine.clock.now();
    const begun = await changeSchedule(store, name, (state) => {
      if (state.work !== undefined) throw busy(state);
      return { ...state, work: { slot, by, startedAt: slot, after: undefined, looked: 0, accepted: 0 } };
    });
    if (begun === undefined) throw unknownSchedule(name, this.#parts);
    await this.#busy.get(name);
    // What the clock asks for besides is left to those who look at it.
    await this.#launch(name, async () => void (await workOnSlot(this.#parts, name, () => this.#isStopping)));
    return (await store.schedule(name)) ?? begun;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#round;
    await Promise.all(this.#busy.values());
  }

  #sleep(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#round = this.#look().then(() => {
        if (!this.#isStopping) this.#sleep(this.#untilNext());
      });
    }, ms);
    this.#timer.unref();
  }

  /** At most a second: what other nodes and people do is seen then. */
  #untilNext(): number {
    const now = this.#parts.engine.clock.now();
    const waits = [...this.#next.values()].map(({ slot }) => (slot === undefined ? SWEEP_MS : slot - now));
    // A slot that is due and waits for the one before is looked at again with the next sweep.
    return Math.min(SWEEP_MS, ...waits.filter((ms) => ms > 0)) + 1;
  }

  /** Sees what is due, and launches it. */
  async #look(): Promise<void> {
    const catalog = this.#parts.catalog();
    if (this.#isStopping || (catalog.schedules.size === 0 && catalog.revision === this.#seenRevision)) return;
    try {
      const states = await knownSchedules(this.#parts);
      this.#seenRevision = catalog.revision;
      for (const schedule of catalog.schedules.values()) {
        const state = states.get(schedule.name);
        if (state !== undefined && this.#isDue(schedule, state)) {
          void this.#launch(schedule.name, () => this.#turns(schedule.name));
        }
      }
      this.#isFailing = false;
    } catch (error) {
      this.#tellFault(error);
    }
  }

  #isDue(schedule: CompiledSchedule, state: ScheduleState): boolean {
    const { work, holder, paused, settledUntil, timing } = state;
    const now = this.#parts.engine.clock.now();
    if (this.#busy.has(state.name)) return false;
    if (work !== undefined) return holder === undefined || holder.owner === this.#parts.owner || holder.until <= now;
    if (paused !== undefined || timing !== timingText(schedule)) {
      this.#next.delete(state.name);
      return false;
    }
    const of = `${settledUntil} ${timing}`;
    if (this.#next.get(state.name)?.of !== of) {
      this.#next.set(state.name, { of, slot: this.#slotsOf(schedule).after(settledUntil) });
    }
    const slot = this.#next.get(state.name)?.slot;
    return (slot !== undefined && slot <= now) || settledUntil > now;
  }

  #slotsOf(schedule: CompiledSchedule): Slots {
    const zone = schedule.zone ?? this.#parts.engine.timeZone;
    const key = `${zone} ${timingText(schedule)}`;
    const slots = this.#slots.get(key) ?? slotsOf(schedule.timing, zone);
    this.#slots.set(key, slots);
    return slots;
  }

  #launch(name: string, work: () => Promise<void>): Promise<void> {
    const turn = work()
      .catch((error: unknown) => this.#tellFault(error))
      .finally(() => this.#busy.delete(name));
    this.#busy.set(name, turn);
    return turn;
  }

  /** One turn after another, until nothing is left to do. */
  async #turns(name: string): Promise<void> {
    const { store, catalog } = this.#parts;
    while (!this.#isStopping) {
      const current = catalog().schedules.get(name);
      const state = await store.schedule(name);
      if (current === undefined || state === undefined) return;
      if (state.work !== undefined) {
        if ((await workOnSlot(this.#parts, name, () => this.#isStopping)) !== 'done') return;
        continue;
      }
      if (state.paused !== undefined || state.timing !== timingText(current)) return;
      const turn = await decideSlot(this.#parts, current, { state, slots: this.#slotsOf(current) });
      if (turn === 'waits') this.#tellWaiting(current, state);
      if (turn === 'none' || turn === 'waits') return;
    }
  }

  #tellWaiting(schedule: CompiledSchedule, { name, settledUntil }: ScheduleState): void {
    const slot = this.#slotsOf(schedule).after(settledUntil) ?? settledUntil;
    if (this.#waiting.get(name) === slot) return;
    this.#waiting.set(name, slot);
    const reason = 'the slot before is still being worked';
    this.#parts.engine.onEvent({ kind: 'schedule-slot', schedule: name, slot, outcome: 'waits', count: 0, reason });
  }

  /** While the database is away, the log has better to say than this every second. */
  #tellFault(error: unknown): void {
    if (!this.#isFailing) this.#parts.engine.onEvent({ kind: 'fault', run: undefined, error });
    this.#isFailing = true;
  }
}

function busy({ name, work }: ScheduleState): MapwrightError {
  const slot = new Date(work?.slot ?? 0).toISOString();
  return new MapwrightError('SCHEDULE_BUSY', `the schedule "${name}" is still working on its slot of ${slot}`, {
    hint: 'mapwright schedules list shows how far it is; try again when it is done',
  });
}

/** SCHEDULE_UNKNOWN, with the names that there are. */
export function unknownSchedule(name: string, { catalog }: Pick<ScheduleParts, 'catalog'>): MapwrightError {
  const names = [...catalog().schedules.keys()];
  const near = didYouMean(name, names);
  const there =
    names.length === 0 ? 'no workflow has <trigger on="schedule" .../>' : `there are: ${names.slice(0, 8).join(', ')}`;
  return new MapwrightError('SCHEDULE_UNKNOWN', `there is no schedule "${name.slice(0, 100)}"`, {
    hint: near ?? there,
  });
}
