import { join } from 'node:path';
import { databaseServer } from '../journal/database-server.ts';
import { median } from '../measure/percentile.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { startHealthyPeer } from '../save/peers.ts';
import { type Suite, type SuiteParams, countOption } from '../suite.ts';
import { type Round, workOff } from './backlog.ts';
import type { Work } from './documents.ts';

interface Subject {
  readonly work: Work;
  readonly on: 'PostgreSQL' | 'SQLite';
  readonly nodes: number;
  readonly keepCalls: 'full' | 'none';
}

/** Each kind of work on both databases; what it is compared with stands first. */
const SUBJECTS: readonly Subject[] = [
  { work: 'no-op', on: 'PostgreSQL', nodes: 1, keepCalls: 'full' },
  { work: 'no-op', on: 'PostgreSQL', nodes: 2, keepCalls: 'full' },
  { work: 'no-op', on: 'PostgreSQL', nodes: 4, keepCalls: 'full' },
  { work: 'no-op', on: 'SQLite', nodes: 1, keepCalls: 'full' },
  { work: 'calls', on: 'PostgreSQL', nodes: 1, keepCalls: 'full' },
  { work: 'calls', on: 'PostgreSQL', nodes: 2, keepCalls: 'full' },
  { work: 'calls', on: 'PostgreSQL', nodes: 4, keepCalls: 'full' },
  { work: 'calls', on: 'PostgreSQL', nodes: 2, keepCalls: 'none' },
  { work: 'calls', on: 'SQLite', nodes: 1, keepCalls: 'full' },
  { work: 'calls', on: 'SQLite', nodes: 1, keepCalls: 'none' },
];

const COLUMNS: readonly Column[] = [
  ['runs of four steps', 46, 'left'],
  ['runs/s', 8],
  ['ratio', 7],
  ['CPU ms: nodes', 15],
  ['server', 8],
  ['accepting', 11],
  ['log kB', 8],
];

/** How many runs go through the engine. */
export const engineSuite: Suite = {
  name: 'engine',
  about: 'runs of four steps through the engine, by one, two and four processes on PostgreSQL, and on SQLite',
  options: [
    { name: 'engine-runs', value: 'N', about: 'runs of a round', default: '10000', quick: '100' },
    { name: 'engine-warm-up', value: 'N', about: 'runs of each process before', default: '2000', quick: '10' },
    { name: 'engine-rounds', value: 'N', about: 'rounds', default: '3', quick: '1' },
    {
      name: 'engine-subjects',
      value: 'LIST',
      about: 'which, by their place in the table; empty: all',
      default: '',
      quick: '',
    },
    { name: 'engine-profile', value: 'FOLDER', about: 'keep processor profiles there', default: '', quick: '' },
  ],
  async run(params) {
    const rounds = await measure(params, chosen(params));
    const facts = [...rounds].map(([subject, measured]) => ({ ...subject, ...middle(measured) }));
    return {
      facts,
      text: textTable(
        COLUMNS,
        facts.map((fact) => rowOf(fact, facts)),
      ),
    };
  },
};

function chosen({ option }: SuiteParams): readonly Subject[] {
  const places = option('engine-subjects').split(',').filter(Boolean).map(Number);
  return places.length === 0 ? SUBJECTS : places.flatMap((place) => SUBJECTS[place - 1] ?? []);
}

async function measure(params: SuiteParams, subjects: readonly Subject[]): Promise<ReadonlyMap<Subject, Round[]>> {
  const measured = new Map<Subject, Round[]>(subjects.map((subject) => [subject, []]));
  const server = await databaseServer();
  const peer = await startHealthyPeer();
  try {
    for (let round = 0; round < countOption(params, 'engine-rounds'); round++) {
      for (const subject of subjects) {
        params.progress(`engine: round ${round + 1}, ${nameOf(subject)}`);
        const { work, nodes, keepCalls, on } = subject;
        measured.get(subject)?.push(
          await workOff({
            work,
            nodes,
            keepCalls,
            runs: countOption(params, 'engine-runs'),
            warmUp: countOption(params, 'engine-warm-up'),
            peer: peer.url,
            folder: join(params.folder, `${subjects.indexOf(subject)}-${round}`),
            server: on === 'SQLite' ? undefined : server,
            nodeOptions: (node) =>
              profiling(params.option('engine-profile'), `${work}-${on}-${nodes}-${node}-${round}`),
          }),
        );
      }
    }
  } finally {
    await peer.close();
  }
  return measured;
}

function profiling(folder: string, name: string): readonly string[] {
  if (folder === '') return [];
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`];
}

function middle(rounds: readonly Round[]): Round {
  const of = (name: keyof Round): number => median(rounds.map((round) => round[name]));
  return {
    runsPerSecond: of('runsPerSecond'),
    nodesCpuMs: of('nodesCpuMs'),
    serverCpuMs: of('serverCpuMs'),
    acceptCpuMs: of('acceptCpuMs'),
    walBytes: of('walBytes'),
  };
}

type Fact = Subject & Round;

/** The ratio is against the first of the same work. */
function rowOf(fact: Fact, facts: readonly Fact[]): readonly string[] {
  const base = facts.find(({ work }) => work === fact.work);
  return [
    nameOf(fact),
    digits(fact.runsPerSecond, 0),
    digits(base && fact.runsPerSecond / base.runsPerSecond, 2),
    digits(fact.nodesCpuMs, 2),
    digits(fact.serverCpuMs, 2),
    digits(fact.acceptCpuMs, 2),
    digits(fact.walBytes / 1_024, 1),
  ];
}

function nameOf({ work, on, nodes, keepCalls }: Subject): string {
  const processes = nodes === 1 ? '1 process' : `${nodes} processes`;
  return `${work}, ${processes} on ${on}${keepCalls === 'full' ? '' : ', no calls kept'}`;
}
