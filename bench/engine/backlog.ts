import { setTimeout as pause } from 'node:timers/promises';
import { processUse } from '../measure/process-use.ts';
import type { DatabaseServer } from '../journal/database-server.ts';
import { BenchProcess, endFirst } from '../process/child-process.ts';
import type { Work } from './documents.ts';

const LOOK_EVERY_MS = 50;

/** What one subject did in one round. */
export interface Round {
  readonly runsPerSecond: number;
  /** Processor time for each run, in milliseconds. */
  readonly nodesCpuMs: number;
  /** NaN on SQLite. */
  readonly serverCpuMs: number;
  /** What it took to accept it: the save, by the process and by the server. */
  readonly acceptCpuMs: number;
  /** What the server writes to its log for each run that is worked off; NaN on SQLite. */
  readonly walBytes: number;
}

export interface Backlog {
  readonly work: Work;
  /** Processes that work. */
  readonly nodes: number;
  readonly runs: number;
  /** Runs of each process before it is measured. */
  readonly warmUp: number;
  readonly peer: string;
  readonly folder: string;
  /** Undefined: on SQLite. */
  readonly server: DatabaseServer | undefined;
  /** As the workflow says it: `full`, `none`. */
  readonly keepCalls: string;
  /** For Node itself, in the process numbered so. */
  readonly nodeOptions: (node: number) => readonly string[];
}

type Node = BenchProcess<'engine-node'>;

/**
 * Runs are accepted before anybody works, and then worked off by processes that began together. Measured is what comes after
 * the warm-up. Rejects when a run does not complete.
 */
export async function workOff(backlog: Backlog): Promise<Round> {
  const { folder, server, work, peer, keepCalls, runs } = backlog;
  const database = await server?.newDatabase();
  const nodes = Array.from(
    { length: backlog.nodes },
    (_, node) => new BenchProcess('engine-node', { nodeOptions: backlog.nodeOptions(node) }),
  );
  const [first] = nodes;
  if (first === undefined) throw new Error('there is no process');
  try {
    await first.ask('open', { folder, database });
    await first.ask('prepare', { work, peer, keepCalls });
    for (const node of nodes.slice(1)) await node.ask('open', { folder, database });
    const warmUp = backlog.warmUp * backlog.nodes;
    await first.ask('save', { count: warmUp });
    const accepting = useOf([first], server);
    await first.ask('save', { count: runs });
    const accepted = accepting(runs);
    const walBytes = async (): Promise<number> =>
      server === undefined || database === undefined ? Number.NaN : (await server.workOf(database)).walBytes;
    const walBefore = await walBytes();
    const worked = await workOffWarm(nodes, { warmUp, runs, server });
    for (const node of nodes) await node.ask('close', undefined);
    return {
      ...worked,
      acceptCpuMs: accepted.nodesCpuMs + (server === undefined ? 0 : accepted.serverCpuMs),
      walBytes: ((await walBytes()) - walBefore) / (warmUp + runs),
    };
  } catch (thrown) {
    return await endFirst({ end: () => endAll(nodes) })(thrown);
  } finally {
    await endAll(nodes);
  }
}

async function workOffWarm(
  nodes: readonly Node[],
  { warmUp, runs, server }: { readonly warmUp: number; readonly runs: number; readonly server: Backlog['server'] },
): Promise<Omit<Round, 'acceptCpuMs' | 'walBytes'>> {
  const whole = roundOf(nodes, server);
  await Promise.all(nodes.map((node) => node.ask('start', undefined)));
  const before = await untilEnded(nodes, warmUp);
  const warm = roundOf(nodes, server);
  const after = await untilEnded(nodes, warmUp + runs);
  // So few runs that most were over when the warm-up was seen to be: then everything is measured.
  return after - before < runs / 2 ? whole(after) : warm(after - before);
}

/** Begins to measure; the answer is for so many runs. */
function roundOf(nodes: readonly Node[], server: DatabaseServer | undefined) {
  const used = useOf(nodes, server);
  const startedAt = performance.now();
  return (runs: number) => ({ runsPerSecond: (runs * 1_000) / (performance.now() - startedAt), ...used(runs) });
}

/** Waits until the processes have ended so many runs between them; gives how many they have then. */
async function untilEnded(nodes: readonly Node[], count: number): Promise<number> {
  for (;;) {
    const ended = await Promise.all(nodes.map((node) => node.ask('ended', undefined)));
    const sum = ended.reduce((total, one) => total + one, 0);
    if (sum >= count) return sum;
    await pause(LOOK_EVERY_MS);
  }
}

/** Begins to count; the answer is for so many runs. */
function useOf(nodes: readonly Node[], server: DatabaseServer | undefined) {
  const nodesMs = () => nodes.reduce((sum, { pid }) => sum + processUse(pid).cpuMs, 0);
  const serverMs = () => server?.cpuMs() ?? Number.NaN;
  const [nodesBefore, serverBefore] = [nodesMs(), serverMs()];
  return (runs: number) => ({
    nodesCpuMs: (nodesMs() - nodesBefore) / runs,
    serverCpuMs: (serverMs() - serverBefore) / runs,
  });
}

async function endAll(nodes: readonly Node[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.end()));
}
