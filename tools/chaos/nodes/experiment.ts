import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasErrors } from '../../../src/core/diagnostic.ts';
import { type Install, openInstall } from '../../../src/runtime/install.ts';
import { PostgresServer } from '../../stage/postgres-server.ts';
import type { NodesDispatch } from '../command-line.ts';
import type { Finding } from '../finding.ts';
import { pauseUnless } from '../interruptible-pause.ts';
import { createRandom } from '../random.ts';
import { DOCUMENTS } from './documents.ts';
import { JournalDatabase } from './journal-database.ts';
import { judge } from './judge.ts';
import { type NodeFacts, NodeProcess } from './node-process.ts';
import { RememberingPeer } from './remembering-peer.ts';
import { type SaveLoad, startSaves } from './save-load.ts';

export interface NodesChaosParams {
  readonly nodes: number;
  /** Saves, each of which starts a run. */
  readonly runs: number;
  readonly dispatch: NodesDispatch;
  /** Over which the saves are spread, and in which nodes come to harm. */
  readonly minutes: number;
  readonly seed: number;
  /** Given: no more harm is done, and what has happened is judged. */
  readonly signal: AbortSignal;
  readonly onAction: (line: string) => void;
}

/** What was done, and what was found. */
export interface NodesChaosFacts extends Omit<NodeFacts, 'faults' | 'crashes'> {
  readonly seed: number;
  readonly nodes: number;
  readonly databaseRestarts: number;
  readonly saves: number;
  readonly runs: number;
  /** Calls that came more than once under their key, because nobody knew what had become of them. */
  readonly repeatedCalls: number;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

const ACTION_EVERY_MS = 4_000;
/** Leases live for 9 s. */
const FREEZE_MS = 10_000;
const DATABASE_DOWN_MS = 500;
const REST_BEFORE_RESTART_MS = 1_500;
const STALL_MS = 90_000;
const POLL_MS = 250;
const ACTIONS = ['kill', 'freeze', 'restart', 'kill', 'freeze'] as const;

interface Stage {
  readonly server: PostgresServer;
  readonly journal: JournalDatabase;
  readonly peer: RememberingPeer;
  /** Saves records; works on no run. */
  readonly install: Install;
  readonly nodes: readonly NodeProcess[];
  readonly facts: NodeFacts;
  readonly random: () => number;
}

/** Nodes on one PostgreSQL database, of which everything is expected while they and the database come to harm. */
export async function runNodesChaos(params: NodesChaosParams): Promise<NodesChaosFacts> {
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-nodes-'));
  const closing: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const stage = await prepare(params, folder, closing);
    const { load, databaseRestarts } = await carryOut(params, stage);
    const { journal, peer, facts } = stage;
    const executions = peer.executions;
    return {
      ...facts,
      seed: params.seed,
      nodes: params.nodes,
      databaseRestarts,
      saves: load.saves,
      runs: await journal.number('SELECT count(*) FROM runs'),
      repeatedCalls: [...executions.values()].filter(({ arrivals }) => arrivals > 1).length,
      findings: await judge({ journal, executions, saves: load.saves, nodes: facts }),
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

async function prepare(params: NodesChaosParams, folder: string, closing: (() => unknown)[]): Promise<Stage> {
  const random = createRandom(params.seed);
  const server = await PostgresServer.open();
  closing.push(() => server.close());
  const peer = await RememberingPeer.open(createRandom(params.seed + 1));
  closing.push(() => peer.close());
  const home = join(folder, 'install');
  const dispatch = { MAPWRIGHT_DISPATCH: params.dispatch };
  const install = await openInstall({ folder: home, database: server.url, env: { ...process.env, ...dispatch } });
  closing.push(() => install.close());
  const { administration } = install;
  await administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
  await administration.setSetting({ name: 'carrier_url', value: peer.url });
  const applied = await administration.apply({ documents: DOCUMENTS, prune: false, dryRun: false, by: 'stage' });
  if (hasErrors(applied.diagnostics)) throw new Error(JSON.stringify(applied.diagnostics[0]));
  const journal = new JournalDatabase(server.url);
  closing.push(() => journal.close());
  const facts: NodeFacts = { kills: 0, freezes: 0, restarts: 0, slowestTakeover: 0, faults: [], crashes: [] };
  const nodes = Array.from(
    { length: params.nodes },
    () => new NodeProcess({ folder: home, database: server.url, env: dispatch, journal, facts }),
  );
  closing.push(() => Promise.all(nodes.map((node) => node.abandon())));
  await Promise.all(nodes.map((node) => node.start()));
  return { server, journal, peer, install, nodes, facts, random };
}

async function carryOut(
  params: NodesChaosParams,
  stage: Stage,
): Promise<{ readonly load: SaveLoad; readonly databaseRestarts: number }> {
  const lengthMs = params.minutes * 60_000;
  const load = startSaves({ ...params, install: stage.install, lengthMs });
  const [databaseRestarts] = await Promise.all([
    restartDatabase(params, stage, lengthMs / 2),
    harass(params, stage, lengthMs),
    load.done,
  ]);
  params.onAction('all is done: waiting for the runs to end');
  await untilEnded(stage.journal);
  await Promise.all(stage.nodes.map((node) => node.stop()));
  return { load, databaseRestarts };
}

async function restartDatabase(
  { signal, onAction }: NodesChaosParams,
  { server }: Stage,
  atMs: number,
): Promise<number> {
  await pauseUnless(signal, atMs);
  if (signal.aborted) return 0;
  onAction('PostgreSQL restarted');
  await server.restart(DATABASE_DOWN_MS);
  return 1;
}

/** One node after another comes to harm, a frozen one while others do. */
async function harass({ signal, onAction }: NodesChaosParams, stage: Stage, lengthMs: number): Promise<void> {
  const { nodes, random } = stage;
  const endsAt = performance.now() + lengthMs;
  const busy = new Map<number, Promise<void>>();
  for (let turn = 0; performance.now() < endsAt && !signal.aborted; turn++) {
    await pauseUnless(signal, ACTION_EVERY_MS * (0.5 + random()));
    const index = Math.floor(random() * nodes.length);
    const node = nodes[index];
    const action = ACTIONS[turn % ACTIONS.length];
    if (node === undefined || action === undefined || busy.has(index) || signal.aborted) continue;
    onAction(`node ${index}: ${action}`);
    busy.set(
      index,
      harm(node, action).finally(() => busy.delete(index)),
    );
  }
  await Promise.all(busy.values());
}

async function harm(node: NodeProcess, action: (typeof ACTIONS)[number]): Promise<void> {
  if (action === 'freeze') return node.freeze(FREEZE_MS);
  if (action === 'restart') return node.restart();
  const { takenOver } = await node.kill();
  await pause(REST_BEFORE_RESTART_MS);
  await Promise.all([takenOver, node.start()]);
}

/** Every run has ended, or none has for a long time. */
async function untilEnded(journal: JournalDatabase): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY;
  let stalledAt = performance.now() + STALL_MS;
  for (;;) {
    const left = await journal.number('SELECT count(*) FROM runs WHERE ended_at IS NULL').catch(() => fewest);
    if (left === 0 || performance.now() > stalledAt) return;
    if (left < fewest) stalledAt = performance.now() + STALL_MS;
    fewest = Math.min(fewest, left);
    await pause(POLL_MS);
  }
}
