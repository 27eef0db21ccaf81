import { setImmediate as turn } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import type { DestinationGate, DestinationRules, DestinationStore, Entry, Place } from '../../src/core/destination.ts';
import type { EngineEvent } from '../../src/engine/engine-event.ts';
import { createDestinationGate } from '../../src/engine/gate/destination-gate.ts';

/** A clock that stands still until it is moved. */
export class HandClock {
  #now = 1_000_000;

  now(): number {
    return this.#now;
  }

  move(ms: number): void {
    this.#now += ms;
  }
}

const PATIENT_MS = 60_000;

/** One process's gate before one destination, with a journal in which `parked` runs wait for it. */
export interface GateAtHand {
  readonly gate: DestinationGate;
  readonly clock: HandClock;
  readonly events: EngineEvent[];
  /** May be changed at any time. */
  readonly journal: { parked: number; asked: number[] };
  enter(params?: { readonly caller?: string; readonly goesFirst?: boolean; readonly waitMs?: number }): Promise<Entry>;
}

const PEER: DestinationRules = { key: 'peer', concurrent: 1, rate: undefined, breaker: undefined };

let nodes = 0;

/** Opens a gate on the store; stopped after the test. */
export function openGate(
  context: TestContext,
  store: DestinationStore,
  params: { readonly rules?: Partial<DestinationRules>; readonly parked?: number; readonly clock?: HandClock } = {},
): GateAtHand {
  const { rules = {}, parked = 0, clock = new HandClock() } = params;
  const journal: GateAtHand['journal'] = { parked, asked: [] };
  const events: EngineEvent[] = [];
  const gate = createDestinationGate({
    store,
    node: `node ${++nodes}`,
    clock,
    random: { next: () => 0.5 },
    wake: async ({ limit }) => {
      journal.asked.push(limit);
      const woken = Math.min(limit, journal.parked);
      journal.parked -= woken;
      return woken;
    },
    onEvent: (event) => events.push(event),
  });
  context.after(() => gate.stop());
  let callers = 0;
  return {
    gate,
    clock,
    events,
    journal,
    enter: ({ caller = `run ${++callers}`, goesFirst = false, waitMs = PATIENT_MS } = {}) =>
      gate.enter({ rules: { ...PEER, ...rules }, caller, waitMs, goesFirst }),
  };
}

/** The place, which there must be. */
export function placeOf(entry: Entry): Place {
  if (entry.kind === 'place') return entry.place;
  throw new Error(`no place: ${entry.why}`);
}

/** Lets what was begun come to its end. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn();
}
