import { type Column, digits, textTable } from '../measure/text-table.ts';
import type { CallerFacts, CallerName } from './calls-race.ts';

/** One race: all callers under one delay of the peer. */
export interface CallsFacts {
  readonly delayMs: number;
  readonly atOnce: number;
  readonly calls: number;
  readonly callers: readonly CallerFacts[];
}

/** What each of the others makes of undici's loop: above 1, more calls a second, and more processor time for each. */
export interface CallRatios {
  readonly callsPerSecond: number;
  readonly cpu: number;
  /** With the peer's part of it: what the machine as a whole has to do for a call. */
  readonly cpuOfBothSides: number;
}

const COLUMNS: readonly Column[] = [
  ['peer    at once', 17, 'left'],
  ['', 31, 'left'],
  ['calls/s', 10],
  ['p50 ms', 9],
  ['p99 ms', 9],
  ['CPU us', 9],
  ["peer's", 8],
  ['calls/(a)', 11],
];

const TITLES: Readonly<Record<CallerName, string>> = {
  undici: '(a) undici loop',
  'api-key': '(b) library, api key',
  oauth2: '(b) library, OAuth 2 token',
  run: '(c) run of one step, api key',
  'run-oauth2': '(c) run of one step, OAuth 2',
};

const RATIO_COLUMNS: readonly Column[] = [
  ['processor time of a call / (a)', 34, 'left'],
  ['own', 10],
  ['both sides', 14],
];

/** By caller; without undici's loop there is nothing to compare with. */
export function callRatios({ callers }: CallsFacts): Readonly<Partial<Record<CallerName, CallRatios>>> {
  const bare = callers.find(({ name }) => name === 'undici');
  if (bare === undefined) return {};
  return Object.fromEntries(
    callers.map((one) => [
      one.name,
      {
        callsPerSecond: one.callsPerSecond / bare.callsPerSecond,
        cpu: one.cpuMs / bare.cpuMs,
        cpuOfBothSides: (one.cpuMs + one.peerCpuMs) / (bare.cpuMs + bare.peerCpuMs),
      },
    ]),
  );
}

/** What was measured, and what a call costs beside one by hand. */
export function renderCalls(races: readonly CallsFacts[]): string {
  const rows = races.flatMap((race) => {
    const ratios = callRatios(race);
    return race.callers.map((caller, index) => [
      index === 0 ? `${`${race.delayMs} ms`.padEnd(8)}${race.atOnce}` : '',
      TITLES[caller.name],
      digits(caller.callsPerSecond, 0),
      digits(caller.p50Ms, 2),
      digits(caller.p99Ms, 2),
      digits(caller.cpuMs * 1_000, 0),
      digits(caller.peerCpuMs * 1_000, 0),
      digits(ratios[caller.name]?.callsPerSecond, 2),
    ]);
  });
  const costs = races.flatMap((race) => {
    const ratios = callRatios(race);
    return race.callers
      .filter(({ name }) => name !== 'undici')
      .map(({ name }) => [
        `${`${race.delayMs} ms`.padEnd(7)}${TITLES[name]}`,
        digits(ratios[name]?.cpu, 2),
        digits(ratios[name]?.cpuOfBothSides, 2),
      ]);
  });
  return [textTable(COLUMNS, rows), '', textTable(RATIO_COLUMNS, costs)].join('\n');
}
