import type { Clock } from '../core/clock.ts';
import type { DestinationGate, DestinationState, DestinationStore } from '../core/destination.ts';
import { MapwrightError } from '../core/error.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { limitsOf } from '../engine/destination.ts';
import type { DestinationAdministration, DestinationEntry } from './destination-administration.ts';

interface Parts {
  readonly store: DestinationStore;
  readonly gate: DestinationGate;
  readonly catalog: () => Catalog;
  readonly clock: Clock;
}

/** Others may change the state at the same moment; a person's word is tried again on top of theirs. */
const MOST_TRIES = 20;

/** What an administrator can do about destinations. */
export function destinationCommands(parts: Parts): DestinationAdministration {
  const { clock } = parts;
  return {
    destinations: () => entries(parts),
    holdDestination: ({ name, reason, by }) =>
      change(parts, name, (state) => ({ kind: 'held', since: clock.now(), by, reason, ...outageIn(state) })),
    releaseDestination: ({ name }) =>
      change(parts, name, (state) => {
        if (state.kind === 'held') return { kind: 'ramping', since: clock.now(), places: 1, ...outageIn(state) };
        if (state.kind === 'open') return { ...state, probeAt: clock.now() };
        throw new MapwrightError('DESTINATION_NOT_HELD', `${name} is not held back, and does not count as down`, {
          hint: 'mapwright destinations shows what is called and what is not',
        });
      }),
  };
}

/** What is said of an outage outlives that somebody holds the destination back. */
function outageIn(state: DestinationState): { readonly downSince?: number } {
  if (state.kind === 'open') return { downSince: state.since };
  return state.kind === 'held' && state.downSince !== undefined ? { downSince: state.downSince } : {};
}

async function entries({ store, gate, catalog }: Parts): Promise<readonly DestinationEntry[]> {
  const uses = new Map(gate.uses().map((one) => [one.key, one]));
  const states = new Map((await store.states()).map(({ key, state }) => [key, state]));
  const backlog = new Map((await store.backlog()).map((one) => [one.key, one]));
  const { services } = catalog();
  const names = new Set([...services.keys(), ...uses.keys(), ...states.keys(), ...backlog.keys()]);
  return [...names].toSorted().map((name): DestinationEntry => {
    const service = services.get(name);
    const limits = service === undefined ? uses.get(name)?.limits : limitsOf(service.document);
    const waits = backlog.get(name);
    return {
      name,
      state: states.get(name) ?? { kind: 'closed' },
      waiting: waits?.waiting ?? 0,
      ...(waits === undefined ? {} : { waitingSince: waits.since }),
      underWay: uses.get(name)?.underWay ?? 0,
      ...(limits === undefined ? {} : { concurrent: limits.concurrent }),
      ...(limits?.rate === undefined ? {} : { rate: limits.rate }),
    };
  });
}

async function change(
  parts: Parts,
  name: string,
  decide: (state: DestinationState) => DestinationState,
): Promise<DestinationEntry> {
  const { store, gate, clock } = parts;
  await requireKnown(parts, name);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stored = (await store.states()).find(({ key }) => key === name);
    const state = decide(stored?.state ?? { kind: 'closed' });
    if (!(await store.change({ key: name, after: stored?.version ?? 0, state, at: clock.now() }))) continue;
    await gate.refresh();
    const found = (await entries(parts)).find((one) => one.name === name);
    return found ?? { name, state, waiting: 0, underWay: 0 };
  }
  throw new MapwrightError('DESTINATION_BUSY', `the state of ${name} changes all the time, and this was never first`, {
    retryable: true,
    hint: 'try again',
  });
}

async function requireKnown(parts: Parts, name: string): Promise<void> {
  const names = (await entries(parts)).map((one) => one.name);
  if (names.includes(name) || isOrigin(name)) return;
  throw new MapwrightError(
    'DESTINATION_UNKNOWN',
    `there is no service "${name}", and nobody calls anything of that name`,
    {
      hint: didYouMean(name, names) ?? 'mapwright destinations shows those there are; an origin is https://host:port',
    },
  );
}

/** Maps without a service call an origin, perhaps not yet. */
function isOrigin(name: string): boolean {
  return URL.canParse(name) && /^https?:/u.test(name) && new URL(name).origin === name;
}
