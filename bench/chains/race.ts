import { processUse } from '../measure/process-use.ts';
import { median, percentile } from '../measure/percentile.ts';
import type { BenchProcess } from '../process/child-process.ts';
import type { RoundFacts, WrittenIds } from './contestant.ts';
import { type Entrant, type EntrantName, enter } from './entrant.ts';
import { shippedLimit } from './service-limit.ts';

/** What all entrants of one race have in common. */
export interface RaceParams {
  readonly entrants: readonly EntrantName[];
  readonly peer: BenchProcess<'peer'>;
  readonly delayMs: number;
  readonly atOnce: number;
  /** Of the service; undefined: as it is shipped. */
  readonly limit: number | undefined;
  readonly chains: number;
  readonly warmUp: number;
  readonly rounds: number;
  /** Empty. */
  readonly folder: string;
  /** For Node itself, in the process of an entrant. */
  readonly nodeOptions: (name: EntrantName) => readonly string[];
}

/** What one entrant did. */
export interface EntrantFacts {
  readonly name: EntrantName;
  /** The median of the rounds. */
  readonly chainsPerSecond: number;
  /** Of all chains of all rounds; NaN where a chain has no beginning of its own. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the process under test. */
  readonly cpuMsPerThousand: number;
  readonly peakBytes: number;
}

/**
 * All entrants on the same peer, taking turns round by round, so that what disturbs the machine disturbs them alike.
 * Rejects when a product has not got the id that the peer gave it, or when the peer saw a call that was wrong.
 */
export async function race(params: RaceParams): Promise<EntrantFacts[]> {
  const { peer, folder, limit, delayMs, entrants } = params;
  const url = await peer.ask('url', undefined);
  await peer.ask('delay', delayMs);
  const connections = Math.min(params.atOnce, limit ?? (await shippedLimit()));
  const runners: Runner[] = [];
  try {
    for (const name of entrants) {
      const setup = { url, folder, connections, limit, nodeOptions: params.nodeOptions(name) };
      runners.push({ name, entrant: await enter(name, setup), rounds: [], cpuMs: 0 });
    }
    for (const runner of runners) await runRound(params, runner, { label: 'warm-up', chains: params.warmUp });
    for (const runner of runners) Object.assign(runner, { rounds: [], cpuMs: 0 });
    for (let round = 0; round < params.rounds; round++) {
      for (let turn = 0; turn < runners.length; turn++) {
        const runner = runners[(round + turn) % runners.length];
        if (runner === undefined) continue;
        await runRound(params, runner, { label: `round ${round + 1}`, chains: params.chains });
      }
    }
    const peaks = new Map(runners.map(({ entrant }) => [entrant.pid, processUse(entrant.pid).peakBytes]));
    await verify(peer, runners);
    return runners.map((runner) => factsOf(runner, peaks.get(runner.entrant.pid) ?? Number.NaN, params));
  } finally {
    await Promise.all(runners.map(({ entrant }) => entrant.end()));
  }
}

interface Runner {
  readonly name: EntrantName;
  readonly entrant: Entrant;
  rounds: RoundFacts[];
  cpuMs: number;
}

async function runRound(
  { atOnce }: RaceParams,
  runner: Runner,
  { label, chains }: { readonly label: string; readonly chains: number },
): Promise<void> {
  const { entrant, name } = runner;
  const round = { label: `${name} ${label}`, chains, atOnce };
  await entrant.prepare(round);
  const cpuBefore = processUse(entrant.pid).cpuMs;
  runner.rounds.push(await entrant.round(round));
  runner.cpuMs += processUse(entrant.pid).cpuMs - cpuBefore;
}

/** Every product of every round must have the id that the peer gave it; and nothing else may have happened there. */
async function verify(peer: BenchProcess<'peer'>, runners: readonly Runner[]): Promise<void> {
  const written = new Map<string, string>();
  for (const { entrant } of runners) merge(written, await entrant.close());
  const { created, refused, openSessions } = await peer.ask('facts', undefined);
  if (refused.length > 0) throw new Error(`the peer refused ${refused.length} calls; the first: ${refused[0]}`);
  if (openSessions > 0) throw new Error(`${openSessions} sessions were left open at the peer`);
  const wrong = [...created].filter(([name, id]) => written.get(name) !== id);
  if (wrong.length > 0) throw new Error(`${wrong.length} products have not the peer's id; the first: ${wrong[0]?.[0]}`);
  if (written.size !== created.size) throw new Error(`${written.size} products, of which the peer has ${created.size}`);
}

function merge(into: Map<string, string>, ids: WrittenIds): void {
  for (const [name, id] of ids) into.set(name, id);
}

function factsOf({ name, rounds, cpuMs }: Runner, peakBytes: number, { chains }: RaceParams): EntrantFacts {
  const latencies = rounds.flatMap(({ latenciesMs }) => latenciesMs);
  return {
    name,
    chainsPerSecond: median(rounds.map(({ seconds }) => chains / seconds)),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    cpuMsPerThousand: (cpuMs / (chains * rounds.length)) * 1_000,
    peakBytes,
  };
}
