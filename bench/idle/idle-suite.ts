import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type DatabaseServer, databaseServer } from '../journal/database-server.ts';
import { processUse } from '../measure/process-use.ts';
import { type Column, digits, textTable } from '../measure/text-table.ts';
import { BenchProcess } from '../process/child-process.ts';
import { type Suite, UsageError, countOption } from '../suite.ts';

/** What nodes cost that have nothing to do. */
interface Cost {
  readonly nodes: number;
  /** Of the database, all nodes together. */
  readonly connections: number;
  /** Of each node in a second. */
  readonly transactions: number;
  /** Processor time that each node uses in a second, in milliseconds, and that the server uses for it. */
  readonly nodeCpuMs: number;
  readonly serverCpuMs: number;
  /** What each node makes the server write to its log in a second. */
  readonly walBytes: number;
}

const COLUMNS: readonly Column[] = [
  ['nodes', 6],
  ['connections', 12],
  ['transactions/s each', 20],
  ['CPU ms/s each: node', 20],
  ['server', 8],
  ['log bytes/s each', 17],
];

/** Long enough for what is done once after a start to be over. */
const SETTLE_MS = 3_000;

/** What a node asks of the database only to be there. */
export const idleSuite: Suite = {
  name: 'idle',
  about: 'nodes on PostgreSQL that have nothing to do: transactions, processor time and log of the database',
  options: [
    { name: 'idle-nodes', value: 'LIST', about: 'how many nodes', default: '1,4,12', quick: '1,2' },
    { name: 'idle-seconds', value: 'N', about: 'how long they are watched', default: '30', quick: '2' },
  ],
  async run(params) {
    const seconds = countOption(params, 'idle-seconds');
    const counts = params.option('idle-nodes').split(',').map(Number);
    if (!counts.every((count) => Number.isInteger(count) && count > 0))
      throw new UsageError('--idle-nodes takes whole numbers of at least 1, with commas between them');
    const server = await databaseServer();
    const facts: Cost[] = [];
    for (const nodes of counts) {
      params.progress(`idle: ${nodes} nodes for ${seconds} s`);
      facts.push(await watch({ nodes, seconds, server, folder: join(params.folder, `${nodes}`) }));
    }
    return { facts, text: textTable(COLUMNS, facts.map(rowOf)) };
  },
};

async function watch(params: {
  readonly nodes: number;
  readonly seconds: number;
  readonly server: DatabaseServer;
  readonly folder: string;
}): Promise<Cost> {
  const { server, seconds, folder } = params;
  const database = await server.newInstall();
  const nodes = Array.from({ length: params.nodes }, () => new BenchProcess('engine-node'));
  const each = 1 / (params.nodes * seconds);
  try {
    for (const node of nodes) {
      await node.ask('open', { folder, database });
      await node.ask('start', undefined);
    }
    await pause(SETTLE_MS);
    const nodesMs = (): number => nodes.reduce((sum, { pid }) => sum + processUse(pid).cpuMs, 0);
    const before = { work: await server.workOf(database), nodesMs: nodesMs(), serverMs: server.cpuMs() };
    await pause(seconds * 1_000);
    const serverCpuMs = (server.cpuMs() - before.serverMs) * each;
    const nodeCpuMs = (nodesMs() - before.nodesMs) * each;
    const work = await server.workOf(database);
    for (const node of nodes) await node.ask('close', undefined);
    return {
      nodes: params.nodes,
      connections: work.connections,
      transactions: (work.transactions - before.work.transactions) * each,
      nodeCpuMs,
      serverCpuMs,
      walBytes: (work.walBytes - before.work.walBytes) * each,
    };
  } finally {
    await Promise.all(nodes.map((node) => node.end()));
  }
}

function rowOf({ nodes, connections, transactions, nodeCpuMs, serverCpuMs, walBytes }: Cost): readonly string[] {
  return [
    `${nodes}`,
    `${connections}`,
    digits(transactions, 1),
    digits(nodeCpuMs, 1),
    digits(serverCpuMs, 1),
    digits(walBytes, 0),
  ];
}
