import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { median, percentile } from '../measure/percentile.ts';
import { BenchProcess, endFirst } from '../process/child-process.ts';
import type { CallRound, CallRoundParams, CallerSetup, Proof } from './caller.ts';

/** Who makes the calls, and what each proves them with. */
export const CALLERS = {
  undici: { role: 'undici-caller', proof: 'api-key' },
  'api-key': { role: 'map-caller', proof: 'api-key' },
  oauth2: { role: 'map-caller', proof: 'oauth2' },
  run: { role: 'run-caller', proof: 'api-key' },
  'run-oauth2': { role: 'run-caller', proof: 'oauth2' },
} as const satisfies Readonly<Record<string, { readonly role: CallerRole; readonly proof: Proof }>>;

export type CallerName = keyof typeof CALLERS;
type CallerRole = 'undici-caller' | 'map-caller' | 'run-caller';

export interface CallsRaceParams {
  readonly callers: readonly CallerName[];
  readonly peer: BenchProcess<'calls-peer'>;
  /** Empty. */
  readonly folder: string;
  readonly delayMs: number;
  readonly atOnce: number;
  readonly calls: number;
  readonly warmUp: number;
  readonly rounds: number;
  /** For Node itself, in the process of a caller. */
  readonly nodeOptions: (name: CallerName) => readonly string[];
}

/** What one caller did. */
export interface CallerFacts {
  readonly name: CallerName;
  /** The median of the rounds. */
  readonly callsPerSecond: number;
  /** Of all calls of all rounds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of one call, in milliseconds: of the process that makes it, and of the peer's. */
  readonly cpuMs: number;
  readonly peerCpuMs: number;
}

/**
 * All callers on the same peer, taking turns round by round. Rejects when an order has not got the id that the peer gave it,
 * when the peer refused one, and when tokens were asked for that nobody needs.
 */
export async function raceCalls(params: CallsRaceParams): Promise<CallerFacts[]> {
  const { peer, callers, rounds } = params;
  const url = await peer.ask('url', undefined);
  await peer.ask('delay', params.delayMs);
  const runners: Runner[] = [];
  try {
    for (const name of callers) runners.push(await startCaller(name, url, params));
    for (const runner of runners) await makeRound(params, runner, { label: 'warm-up', calls: params.warmUp });
    for (const runner of runners) Object.assign(runner, { rounds: [], peerCpuMs: 0 });
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < runners.length; turn++) {
        const runner = runners[(round + turn) % runners.length];
        if (runner === undefined) continue;
        await makeRound(params, runner, { label: `round ${round + 1}`, calls: params.calls });
      }
    }
    for (const { child } of runners) await child.ask('close', undefined);
    return runners.map((runner) => factsOf(runner, params.calls));
  } finally {
    await Promise.all(runners.map(({ child }) => child.end()));
  }
}

interface Runner {
  readonly name: CallerName;
  readonly child: BenchProcess<CallerRole>;
  rounds: CallRound[];
  peerCpuMs: number;
  /** Whether it has asked for the one token that it needs. */
  hasToken: boolean;
}

async function startCaller(name: CallerName, url: string, params: CallsRaceParams): Promise<Runner> {
  const { role, proof } = CALLERS[name];
  const folder = join(params.folder, name);
  await mkdir(folder);
  const child: BenchProcess<CallerRole> = new BenchProcess(role, { nodeOptions: params.nodeOptions(name) });
  const setup: CallerSetup = { url, folder, atOnce: params.atOnce, proof };
  await child.ask('open', setup).catch(endFirst(child));
  return { name, child, rounds: [], peerCpuMs: 0, hasToken: false };
}

async function makeRound(
  { peer, atOnce }: CallsRaceParams,
  runner: Runner,
  { label, calls }: Pick<CallRoundParams, 'label' | 'calls'>,
): Promise<void> {
  const { name, child } = runner;
  await peer.ask('seen', undefined);
  const made = await child.ask('round', {
    label: `${label} of caller ${Object.keys(CALLERS).indexOf(name) + 1}`,
    calls,
    atOnce,
  });
  const seen = await peer.ask('seen', undefined);
  if (seen.refused.length > 0) throw new Error(`the peer refused ${seen.refused.length} calls: ${seen.refused[0]}`);
  const wanted = CALLERS[name].proof === 'oauth2' && !runner.hasToken ? 1 : 0;
  if (seen.tokens !== wanted) throw new Error(`${name} asked for ${seen.tokens} tokens and needed ${wanted}`);
  const wrong = [...seen.taken].filter(([reference, id]) => made.ids.get(reference) !== id);
  if (wrong.length > 0) throw new Error(`${wrong.length} orders have not the peer's id; the first: ${wrong[0]?.[0]}`);
  if (made.ids.size !== calls || seen.taken.size !== calls) {
    throw new Error(`${calls} calls: ${made.ids.size} ids, of which the peer gave ${seen.taken.size}`);
  }
  runner.hasToken = true;
  runner.rounds.push({ ...made, ids: new Map() });
  runner.peerCpuMs += seen.cpuMs;
}

function factsOf({ name, rounds, peerCpuMs }: Runner, calls: number): CallerFacts {
  const latencies = rounds.flatMap(({ latenciesMs }) => latenciesMs);
  return {
    name,
    callsPerSecond: median(rounds.map(({ seconds }) => calls / seconds)),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs / calls)),
    peerCpuMs: peerCpuMs / (calls * rounds.length),
  };
}
