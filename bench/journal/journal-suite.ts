import { median } from '../measure/percentile.ts';
import { processUse } from '../measure/process-use.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { BenchProcess, endFirst } from '../process/child-process.ts';
import { type Suite, type SuiteParams, countOption } from '../suite.ts';
import { type DatabaseServer, databaseServer, fillWithRuns } from './database-server.ts';

const NODES = 2;
const CAPACITY = 128;

/** What one round of one subject took. */
interface Round {
  readonly runsPerSecond: number;
  /** Processor time for each run, in milliseconds. */
  readonly nodesCpuMs: number;
  readonly serverCpuMs: number;
}

interface Subject {
  readonly name: string;
  readonly rounds: Round[];
  measure(runs: number, round: number): Promise<Round>;
  close(): Promise<void>;
}

const COLUMNS: readonly Column[] = [
  ['runs of four steps', 44, 'left'],
  ['runs/s', 10],
  ['ratio', 9],
  ['CPU ms, nodes', 16],
  ['CPU ms, server', 16],
];

/** How many runs two processes write on one PostgreSQL server. */
export const journalSuite: Suite = {
  name: 'journal',
  about: 'runs of four steps on PostgreSQL by two processes, against one transaction for each commit',
  options: [
    { name: 'runs', value: 'N', about: 'runs of each process in a round', default: '4000', quick: '100' },
    { name: 'journal-rounds', value: 'N', about: 'rounds', default: '5', quick: '1' },
    {
      name: 'finished',
      value: 'N',
      about: 'runs that have ended, for the large table',
      default: '1000000',
      quick: '2000',
    },
  ],
  async run(params) {
    const runs = countOption(params, 'runs');
    const subjects = await openSubjects(params);
    try {
      for (let round = 0; round < countOption(params, 'journal-rounds'); round++) {
        for (const subject of subjects) {
          params.progress(`journal: round ${round + 1}, ${subject.name}`);
          subject.rounds.push(await subject.measure(runs, round));
        }
      }
    } finally {
      for (const subject of subjects) await subject.close();
    }
    const facts = subjects.map(({ name, rounds }) => ({ name, ...middle(rounds) }));
    return { facts, text: render(facts) };
  },
};

async function openSubjects(params: SuiteParams): Promise<Subject[]> {
  const server = await databaseServer();
  const large = await server.newInstall();
  params.progress('journal: filling the large table');
  await fillWithRuns(large, countOption(params, 'finished'));
  return [
    await journalSubject({ name: 'in batches', server, url: await server.newInstall(), inBatches: true }),
    await journalSubject({ name: 'a transaction each', server, url: await server.newInstall(), inBatches: false }),
    await journalSubject({ name: 'in batches, large table', server, url: large, inBatches: true }),
  ];
}

async function journalSubject(params: {
  readonly name: string;
  readonly server: DatabaseServer;
  readonly url: string;
  readonly inBatches: boolean;
}): Promise<Subject> {
  const { name, server, url, inBatches } = params;
  const nodes = Array.from({ length: NODES }, () => new BenchProcess('journal-node'));
  await Promise.all(
    nodes.map((node, n) => node.ask('open', { url, name: `node-${n}`, inBatches }).catch(endFirst(node))),
  );
  return {
    name,
    rounds: [],
    async measure(runs, round) {
      const used = useOf(nodes, server);
      const startedAt = Date.now();
      const work = { label: `${round}`, runs, capacity: CAPACITY };
      const results = await Promise.all(nodes.map((node) => node.ask('work', work)));
      const ended = results.reduce((sum, one) => sum + one.ended, 0);
      if (ended !== NODES * runs) throw new Error(`${name}: ${ended} runs ended, not ${NODES * runs}`);
      return used(ended, (Math.max(...results.map(({ lastAt }) => lastAt)) - startedAt) / 1_000);
    },
    async close() {
      for (const node of nodes) await node.ask('close', undefined).finally(() => node.end());
    },
  };
}

/** Begins to count; the answer is for so many runs in so many seconds. */
function useOf(nodes: readonly { readonly pid: number }[], server: DatabaseServer) {
  const nodesMs = () => nodes.reduce((sum, { pid }) => sum + processUse(pid).cpuMs, 0);
  const [nodesBefore, serverBefore] = [nodesMs(), server.cpuMs()];
  return (runs: number, seconds: number): Round => ({
    runsPerSecond: runs / seconds,
    nodesCpuMs: (nodesMs() - nodesBefore) / runs,
    serverCpuMs: (server.cpuMs() - serverBefore) / runs,
  });
}

function middle(rounds: readonly Round[]): Round {
  return {
    runsPerSecond: median(rounds.map((one) => one.runsPerSecond)),
    nodesCpuMs: median(rounds.map((one) => one.nodesCpuMs)),
    serverCpuMs: median(rounds.map((one) => one.serverCpuMs)),
  };
}

/** Ratios are against the first. */
function render(facts: readonly (Round & { readonly name: string })[]): string {
  const [first] = facts;
  const rows = facts.map((one) => [
    one.name,
    digits(one.runsPerSecond, 0),
    digits(first && one.runsPerSecond / first.runsPerSecond, 2),
    digits(one.nodesCpuMs, 2),
    digits(one.serverCpuMs, 2),
  ]);
  return textTable(COLUMNS, rows);
}
