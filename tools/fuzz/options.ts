import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/core/error.ts';
import type { Json } from '../../src/core/json.ts';
import { AREA_NAMES, type AreaName, isAreaName } from './areas.ts';
import { readFailure } from './failure-file.ts';

/** What a command line asks for. */
export interface FuzzOptions {
  readonly areas: readonly AreaName[];
  readonly seed: number;
  readonly from: number;
  /** Up to, but not including, this round. */
  readonly to: number;
  readonly save: string;
  /** True when one round is to be seen, with its input. */
  readonly single: boolean;
  /** The input of that round, when a file gave it. */
  readonly input?: Json;
}

/** A command line that asks for nothing that can be done. */
export class UsageError extends Error {}

const DEFAULT_ROUNDS = '10000';
const SEEDS = 2 ** 31;

/** Reads `--rounds --seed --only --save --at --replay`. Rejects with UsageError. */
export async function readOptions(args: readonly string[]): Promise<FuzzOptions> {
  const given = parse(args);
  const save = given.save ?? join(tmpdir(), 'mapwright-fuzz-failures');
  if (given.replay !== undefined) {
    const { area, seed, round, input } = await readFailure(given.replay).catch((thrown: unknown) => {
      throw new UsageError(`--replay: ${given.replay} cannot be replayed: ${messageOf(thrown)}`);
    });
    return { areas: areaNames(area), seed, from: round, to: round + 1, save, single: true, input };
  }
  const areas = areaNames(given.only ?? AREA_NAMES.join(','));
  const seed = given.seed === undefined ? randomInt(SEEDS) : wholeNumber('seed', given.seed, 0);
  const at = given.at === undefined ? undefined : wholeNumber('at', given.at, 0);
  if (at !== undefined) return { areas, seed, from: at, to: at + 1, save, single: true };
  return { areas, seed, from: 0, to: wholeNumber('rounds', given.rounds ?? DEFAULT_ROUNDS, 1), save, single: false };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { rounds: text, seed: text, only: text, save: text, at: text, replay: text };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (thrown) {
    throw new UsageError(`${messageOf(thrown)}; known: ${Object.keys(options).join(' ')}`);
  }
}

function areaNames(list: string): readonly AreaName[] {
  return list.split(',').map((name) => {
    if (isAreaName(name)) return name;
    throw new UsageError(`there is no area "${name}"; there are: ${AREA_NAMES.join(',')}`);
  });
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/u.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new UsageError(`--${option} is a whole number of at least ${least}, not "${text}"`);
}
