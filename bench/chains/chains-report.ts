import { type Column, digits, textTable } from '../measure/text-table.ts';
import type { EntrantName } from './entrant.ts';
import { type RaceFacts, levelText } from './level.ts';
import type { TwoInstallsFacts } from './two-installs.ts';

const COLUMNS: readonly Column[] = [
  ['peer     at once', 25, 'left'],
  ['', 22, 'left'],
  ['chains/s', 10],
  ['p50 ms', 9],
  ['p99 ms', 9],
  ['CPU ms/1000', 13],
  ['peak MB', 9],
];

const TITLES: Readonly<Record<EntrantName, string>> = {
  engine: 'Mapwright, library',
  bare: '  without calls kept',
  drain: 'Mapwright, backlog',
  raw: '(a) undici loop',
  'raw+sqlite': '(b) loop + SQLite',
  http: 'Mapwright, HTTP',
  handler: '(c) Hono handler',
};

/** A client of Mapwright goes on when its save is answered, so that chains queue behind the limit. */
const NOTE =
  'p50 and p99: from the save to the id written back; over HTTP the runs queue, for clients do not wait for them';

const RATIO_COLUMNS: readonly Column[] = [
  ['chains/s against', 22, 'left'],
  ['library/(a)', 12],
  ['library/(b)', 12],
  ['backlog/(a)', 12],
  ['backlog/(b)', 12],
  ['HTTP/(c)', 10],
  ['added to (a)', 14],
  ['/no calls', 11],
];

/** Ratios above 1: Mapwright makes more chains a second. */
export function ratiosOf({ entrants }: RaceFacts): Readonly<Record<string, number>> {
  const of = (name: EntrantName): number => entrants.find((one) => one.name === name)?.chainsPerSecond ?? Number.NaN;
  const p50 = (name: EntrantName): number => entrants.find((one) => one.name === name)?.p50Ms ?? Number.NaN;
  return {
    engineToRaw: of('engine') / of('raw'),
    engineToRawSqlite: of('engine') / of('raw+sqlite'),
    drainToRaw: of('drain') / of('raw'),
    drainToRawSqlite: of('drain') / of('raw+sqlite'),
    httpToHandler: of('http') / of('handler'),
    fullToBare: of('engine') / of('bare'),
    addedMs: p50('engine') - p50('raw'),
  };
}

/** What was measured, the ratios, and what two installs do with each other. */
export function renderChains(races: readonly RaceFacts[], twoInstalls: TwoInstallsFacts | undefined): string {
  const rows = races.flatMap((one) =>
    one.entrants.map((entrant, index) => [
      index === 0 ? nameOf(one) : '',
      TITLES[entrant.name],
      digits(entrant.chainsPerSecond, 1),
      digits(entrant.p50Ms, 2),
      digits(entrant.p99Ms, 2),
      digits(entrant.cpuMsPerThousand, 0),
      digits(entrant.peakBytes / 1_048_576, 0),
    ]),
  );
  const ratios = races.map((one) => {
    const of = ratiosOf(one);
    const numbers = [of['engineToRaw'], of['engineToRawSqlite'], of['drainToRaw'], of['drainToRawSqlite']];
    return [
      nameOf(one),
      ...[...numbers, of['httpToHandler']].map((ratio) => digits(ratio, 3)),
      `${digits(of['addedMs'], 2)} ms`,
      digits(of['fullToBare'], 3),
    ];
  });
  const tables = [textTable(COLUMNS, rows), NOTE, '', textTable(RATIO_COLUMNS, ratios)];
  if (twoInstalls !== undefined) tables.push('', renderTwoInstalls(twoInstalls));
  return tables.join('\n');
}

function renderTwoInstalls(facts: TwoInstallsFacts): string {
  const { chains, chainsPerSecond, savedSeconds, claimsPerChain, cpuMsPerChain } = facts;
  return [
    `two installs, 32 clients over HTTP: ${chains} chains, ${digits(chainsPerSecond, 1)} chains/s`,
    `  all saved after ${digits(savedSeconds, 2)} s; ${digits(claimsPerChain, 1)} claims per chain`,
    `  CPU per chain: A ${digits(cpuMsPerChain.a, 1)} ms, B ${digits(cpuMsPerChain.b, 1)} ms`,
  ].join('\n');
}

function nameOf(one: RaceFacts): string {
  return `${`${one.delayMs} ms`.padEnd(9)}${levelText(one)}`;
}
