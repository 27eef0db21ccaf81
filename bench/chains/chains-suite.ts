import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchProcess } from '../process/child-process.ts';
import { type Suite, type SuiteParams, UsageError, countOption } from '../suite.ts';
import { ratiosOf, renderChains } from './chains-report.ts';
import { ENTRANTS, type EntrantName } from './entrant.ts';
import { type Level, type RaceFacts, levelText } from './level.ts';
import { race } from './race.ts';
import { measureTwoInstalls } from './two-installs.ts';

/** A round has fewer chains where few are under way, and where the peer's delay alone makes it take this long. */
const CHAINS_FOR_EACH = 100;
const ROUND_MS = 4_000;
const CALLS = 4;

/** Challenge, login, create, logout: from the save to the id written back. */
export const chainsSuite: Suite = {
  name: 'chains',
  about: 'the product sync (challenge, login, create, logout) against loops and handlers written by hand',
  options: [
    { name: 'chains', value: 'N', about: 'chains of a round, at most', default: '400', quick: '60' },
    { name: 'warm-up', value: 'N', about: 'chains before the first round', default: '150', quick: '20' },
    { name: 'rounds', value: 'N', about: 'rounds; the median counts', default: '3', quick: '1' },
    {
      name: 'at-once',
      value: 'LIST',
      about: 'chains under way; 32/64: under a limit of 64 calls instead of the shipped 8',
      default: '1,8,32,32/32',
      quick: '1,8,32,32/32',
    },
    { name: 'delays', value: 'LIST', about: 'how long the peer waits, in ms', default: '0,20', quick: '0,20' },
    {
      name: 'entrants',
      value: 'LIST',
      about: 'who takes part',
      default: ENTRANTS.join(','),
      quick: ENTRANTS.join(','),
    },
    {
      name: 'two-installs',
      value: 'N',
      about: 'chains between two whole installs; 0: none',
      default: '300',
      quick: '30',
    },
    { name: 'profile', value: 'FOLDER', about: 'keep processor profiles of Mapwright there', default: '', quick: '' },
  ],
  async run(params) {
    const between = countOption(params, 'two-installs', 0);
    const peer = new BenchProcess('peer');
    const races = await runRaces(params, peer).finally(() => peer.end());
    if (between === 0) return { facts: { races: races.map(withRatios) }, text: renderChains(races, undefined) };
    params.progress(`chains: ${between} between two installs`);
    const twoInstalls = await measureTwoInstalls({ folder: join(params.folder, 'two'), chains: between });
    return { facts: { races: races.map(withRatios), twoInstalls }, text: renderChains(races, twoInstalls) };
  },
};

function withRatios(one: RaceFacts): unknown {
  return { ...one, ratios: ratiosOf(one) };
}

async function runRaces(params: SuiteParams, peer: BenchProcess<'peer'>): Promise<RaceFacts[]> {
  const [most, warmUp, rounds] = ['chains', 'warm-up', 'rounds'].map((name) => countOption(params, name));
  const levels = listOption(params, 'at-once').map(levelOf);
  const delays = listOption(params, 'delays').map(delayOf);
  const entrants = listOption(params, 'entrants').map(entrantOf);
  const races: RaceFacts[] = [];
  for (const delayMs of delays) {
    for (const level of levels) {
      const chains = Math.min(most ?? 1, roundLength(delayMs, level.atOnce));
      const name = `${delayMs} ms, ${levelText(level)} at once`;
      params.progress(`chains: peer answers after ${name}, ${chains} chains a round`);
      const folder = join(params.folder, name.replaceAll(/[^0-9a-z]+/gu, '-'));
      await mkdir(folder);
      const facts = await race({
        peer,
        entrants,
        delayMs,
        ...level,
        chains,
        folder,
        warmUp: Math.min(warmUp ?? 1, chains),
        rounds: rounds ?? 1,
        nodeOptions: (entrant) => profiling(params.option('profile'), `${entrant}-${delayMs}ms-${levelText(level)}`),
      });
      races.push({ delayMs, ...level, chains, rounds: rounds ?? 1, entrants: facts });
    }
  }
  return races;
}

function roundLength(delayMs: number, atOnce: number): number {
  const unhurried = delayMs === 0 ? Number.POSITIVE_INFINITY : Math.ceil((ROUND_MS * atOnce) / (CALLS * delayMs));
  return Math.min(CHAINS_FOR_EACH * atOnce, unhurried);
}

function profiling(folder: string, name: string): string[] {
  if (folder === '' || !/^(?:engine|bare|drain|http)-/u.test(name)) return [];
  const file = name.replaceAll(/[^0-9a-z]+/gu, '-');
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${file}.cpuprofile`];
}

function listOption({ option }: SuiteParams, name: string): string[] {
  return option(name).split(',');
}

function levelOf(text: string): Level {
  const [, atOnce, limit] = /^([1-9]\d{0,3})(?:\/([1-9]\d{0,3}))?$/u.exec(text) ?? [];
  if (atOnce === undefined) throw new UsageError(`--at-once takes numbers as 8 or 32/64, not "${text}"`);
  return { atOnce: Number(atOnce), limit: limit === undefined ? undefined : Number(limit) };
}

function delayOf(text: string): number {
  if (/^\d{1,5}$/u.test(text)) return Number(text);
  throw new UsageError(`--delays takes milliseconds as 0,20, not "${text}"`);
}

function entrantOf(text: string): EntrantName {
  const name = ENTRANTS.find((one) => one === text);
  if (name === undefined) throw new UsageError(`--entrants takes names of ${ENTRANTS.join(', ')}, not "${text}"`);
  return name;
}
