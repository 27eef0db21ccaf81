import { parseArgs } from 'node:util';
import { FAULT_NAMES, type FaultName, isFaultName, traitsOf } from './faults.ts';

/** What was asked for on the command line. */
export interface ChaosOptions {
  readonly kills: number;
  readonly minutes: number;
  readonly faults: readonly FaultName[];
  /** Undefined: any. */
  readonly seed: number | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** What was asked for, when several nodes work on one install. */
export interface NodesOptions extends Pick<ChaosOptions, 'minutes' | 'seed' | 'json' | 'verbose'> {
  readonly nodes: number;
  readonly runs: number;
  readonly dispatch: NodesDispatch;
}

/** How the nodes wake each other: as MAPWRIGHT_DISPATCH says it. */
export const NODES_DISPATCHES = ['notify', 'bullmq'] as const;
export type NodesDispatch = (typeof NODES_DISPATCHES)[number];

/** What to do, or what to print: the help, or what is wrong. */
export type CommandLine =
  | { readonly kind: 'run'; readonly options: ChaosOptions }
  | { readonly kind: 'nodes'; readonly options: NodesOptions }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly text: string };

const KILLS_PER_MINUTE = 20;
const DEFAULT_MINUTES = 2;
const LEAST_MINUTES = 0.5;
const MOST_MINUTES = 24 * 60;

/** Reads the arguments after the program's name. Kills or minutes that are not given follow from the other: 20 kills a minute. */
export function readCommandLine(args: readonly string[]): CommandLine {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kills: { type: 'string' },
        minutes: { type: 'string' },
        faults: { type: 'string', default: 'all' },
        seed: { type: 'string' },
        database: { type: 'string', default: 'sqlite' },
        nodes: { type: 'string', default: '3' },
        runs: { type: 'string', default: '5000' },
        dispatch: { type: 'string', default: 'notify' },
        json: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help', text: HELP };
    const given = values.kills === undefined ? undefined : wholeNumber('--kills', values.kills);
    const minutes =
      values.minutes === undefined
        ? Math.max(LEAST_MINUTES, (given ?? DEFAULT_MINUTES * KILLS_PER_MINUTE) / KILLS_PER_MINUTE)
        : readMinutes(values.minutes);
    const seed = values.seed === undefined ? undefined : wholeNumber('--seed', values.seed);
    const kills = given ?? Math.round(minutes * KILLS_PER_MINUTE);
    const { json, verbose } = values;
    if (isPostgres(values.database)) {
      const [nodes, runs] = [wholeNumber('--nodes', values.nodes), wholeNumber('--runs', values.runs)];
      const dispatch = readDispatch(values.dispatch);
      return { kind: 'nodes', options: { nodes, runs, dispatch, minutes, seed, json, verbose } };
    }
    return { kind: 'run', options: { kills, minutes, faults: readFaults(values.faults), seed, json, verbose } };
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: 'wrong', text: `${problem}\nnpm run chaos -- --help tells what can be said` };
  }
}

/** The command that does the same again. */
export function replayCommand({ kills, minutes, faults }: ChaosOptions, seed: number): string {
  const isAll = FAULT_NAMES.every((name) => faults.includes(name));
  const list = isAll ? '' : ` --faults ${faults.length === 0 ? 'none' : faults.join(',')}`;
  return `npm run chaos -- --kills ${kills} --minutes ${minutes}${list} --seed ${seed}`;
}

/** The command that does the same again. */
export function replayNodesCommand({ nodes, runs, minutes, dispatch }: NodesOptions, seed: number): string {
  const way = dispatch === 'notify' ? '' : ` --dispatch ${dispatch}`;
  return `npm run chaos -- --database postgres --nodes ${nodes} --runs ${runs}${way} --minutes ${minutes} --seed ${seed}`;
}

function readDispatch(text: string): NodesDispatch {
  const found = NODES_DISPATCHES.find((one) => one === text);
  if (found !== undefined) return found;
  throw new Error(`--dispatch is ${NODES_DISPATCHES.join(' or ')}: "${text}" is neither`);
}

function isPostgres(database: string): boolean {
  if (database === 'postgres' || database === 'sqlite') return database === 'postgres';
  throw new Error(`--database is sqlite or postgres: "${database}" is neither`);
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/u.test(text) && Number.isSafeInteger(number) && number < 2 ** 31) return number;
  throw new Error(`${name} is a whole number from 0 on: "${text}" is none`);
}

function readMinutes(text: string): number {
  const number = Number(text);
  if (/^\d*\.?\d+$/u.test(text) && number > 0 && number <= MOST_MINUTES) return number;
  throw new Error(`--minutes is a number above 0 and at most ${MOST_MINUTES}: "${text}" is none`);
}

function readFaults(text: string): readonly FaultName[] {
  if (text === 'all') return FAULT_NAMES;
  if (text === 'none') return [];
  return [...new Set(text.split(',').map((name) => faultOf(name.trim())))];
}

function faultOf(name: string): FaultName {
  if (isFaultName(name)) return name;
  throw new Error(`there is no fault "${name}"; --faults takes all, none, or some of ${FAULT_NAMES.join(',')}`);
}

const HELP = `npm run chaos -- [--kills N] [--minutes M] [--faults all|none|LIST] [--seed S] [--verbose] [--json]

Two installs keep products in step under a load of saves, while both are killed with SIGKILL and restarted, A is frozen,
and calls from A to B come to harm. Then both are judged: nothing may be lost, nothing doubled. Exit 1 when a promise
was broken, 2 when it could not be carried out. Ctrl-C ends it early, with a verdict on what has happened so far.

  --kills N      kills of both together, 2 of 3 of A; ${KILLS_PER_MINUTE} a minute unless said
  --minutes M    how long; kills that find no place in it come after it. ${DEFAULT_MINUTES} unless said
  --faults LIST  separated by commas:
${FAULT_NAMES.map((name) => `                 ${name.padEnd(16)} ${traitsOf(name).about}`).join('\n')}
  --seed S       the same order of events again
  --database D   sqlite unless said; postgres: one install, on which several nodes work, while they are killed, frozen
                 past their leases and restarted, and PostgreSQL is restarted once
  --nodes N      with --database postgres: how many; 3 unless said
  --dispatch D   with --database postgres: how nodes wake each other; notify unless said, or bullmq
  --runs N       with --database postgres: saves, each of which starts a run of three calls; 5000 unless said
  --verbose      every single action
  --json         the facts on standard output

  npm run chaos                                        ${DEFAULT_MINUTES * KILLS_PER_MINUTE} kills and all faults in ${DEFAULT_MINUTES} minutes
  npm run chaos -- --kills 200 --minutes 10            what a release has to pass
  npm run chaos -- --kills 0 --faults answer-lost      one fault, and nobody is killed
  npm run chaos -- --database postgres --minutes 5     three nodes and 5000 runs on PostgreSQL`;
