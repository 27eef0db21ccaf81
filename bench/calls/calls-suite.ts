import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchProcess } from '../process/child-process.ts';
import { type Suite, type SuiteParams, UsageError, countOption } from '../suite.ts';
import { CALLERS, type CallerName, raceCalls } from './calls-race.ts';
import { type CallsFacts, callRatios, renderCalls } from './calls-report.ts';

/** A round has fewer calls where the peer's delay alone makes it take this long. */
const ROUND_MS = 3_000;
const NAMES = Object.keys(CALLERS).join(',');

/** What one call costs, from what is to be sent to what is read of the answer. */
export const callsSuite: Suite = {
  name: 'calls',
  about: 'one call with its credential, egress guard, redaction and history, against undici by hand',
  options: [
    { name: 'calls', value: 'N', about: 'calls of a round, at most', default: '4000', quick: '200' },
    { name: 'call-warm-up', value: 'N', about: 'calls before the first round', default: '3000', quick: '50' },
    { name: 'call-rounds', value: 'N', about: 'rounds; the median counts', default: '7', quick: '1' },
    { name: 'calls-at-once', value: 'N', about: 'calls under way', default: '32', quick: '32' },
    { name: 'call-delays', value: 'LIST', about: 'how long the peer waits, in ms', default: '0,20', quick: '0,20' },
    { name: 'callers', value: 'LIST', about: 'who takes part', default: NAMES, quick: NAMES },
    { name: 'call-profile', value: 'FOLDER', about: 'keep processor profiles there', default: '', quick: '' },
  ],
  async run(params) {
    const peer = new BenchProcess('calls-peer');
    const races = await runRaces(params, peer).finally(() => peer.end());
    return { facts: races.map((race) => ({ ...race, ratios: callRatios(race) })), text: renderCalls(races) };
  },
};

async function runRaces(params: SuiteParams, peer: BenchProcess<'calls-peer'>): Promise<CallsFacts[]> {
  const [most, warmUp, rounds, atOnce] = [
    countOption(params, 'calls'),
    countOption(params, 'call-warm-up'),
    countOption(params, 'call-rounds'),
    countOption(params, 'calls-at-once'),
  ];
  const callers = params.option('callers').split(',').map(callerOf);
  const delays = params.option('call-delays').split(',').map(delayOf);
  const races: CallsFacts[] = [];
  for (const delayMs of delays) {
    const calls = delayMs === 0 ? most : Math.min(most, Math.ceil((ROUND_MS * atOnce) / delayMs));
    params.progress(`calls: peer answers after ${delayMs} ms, ${atOnce} at once, ${calls} calls a round`);
    const folder = join(params.folder, `${delayMs}-ms`);
    await mkdir(folder);
    const nodeOptions = (name: CallerName): string[] =>
      profiling(params.option('call-profile'), `${name}-${delayMs}ms`);
    const facts = await raceCalls({ callers, peer, folder, delayMs, atOnce, calls, warmUp, rounds, nodeOptions });
    races.push({ delayMs, atOnce, calls, callers: facts });
  }
  return races;
}

function profiling(folder: string, name: string): string[] {
  return folder === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=call-${name}.cpuprofile`];
}

function callerOf(text: string): CallerName {
  if (Object.hasOwn(CALLERS, text)) return text as CallerName;
  throw new UsageError(`--callers takes names of ${NAMES}, not "${text}"`);
}

function delayOf(text: string): number {
  if (/^\d{1,5}$/u.test(text)) return Number(text);
  throw new UsageError(`--call-delays takes milliseconds as 0,20, not "${text}"`);
}
