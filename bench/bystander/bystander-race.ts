import { mkdir } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { databaseServer } from '../journal/database-server.ts';
import { BenchProcess } from '../process/child-process.ts';
import { OTHER_DOCUMENTS } from '../save/documents.ts';
import { type Peer, startHealthyPeer } from '../save/peers.ts';
import type { SuiteResult } from '../suite.ts';
import type { Slice } from './bystander.ts';
import { type Contest, contestFacts, renderContests } from './race-report.ts';

/** What stands beside the runs that are measured. */
export interface Crowd {
  readonly title: string;
  /** True: its calls are answered as they should be. */
  readonly isFriendly: boolean;
  /** Orders made in each slice. */
  readonly ordersPerSlice: number;
  /** Brings it about before the first slice. */
  prepare(subject: BenchProcess<'bystander'>): Promise<void>;
}

export interface RaceParams {
  readonly title: string;
  readonly folder: string;
  readonly databases: readonly ('sqlite' | 'postgres')[];
  readonly documents: readonly SourceFile[];
  readonly crowds: readonly Crowd[];
  readonly sliceMs: number;
  readonly rounds: number;
  /** True: what waits is looked at in every slice. */
  readonly isWatched: boolean;
  readonly progress: (line: string) => void;
}

/** Nobody: the install that all others are compared with, and another one like it, which shows what chance does. */
const NOBODY: readonly Crowd[] = ['alone', 'alone, again'].map((title) => ({
  title,
  isFriendly: true,
  ordersPerSlice: 0,
  prepare: async () => undefined,
}));

const WARM_UP_SLICES = 3;
/** Behind all others: where it really stands it has processors of its own. */
const BELOW_NORMAL = 5;

interface Subject {
  readonly crowd: Crowd;
  readonly install: BenchProcess<'bystander'>;
  readonly peer: BenchProcess<'hostile-peer'>;
  readonly slices: Slice[];
  /** Calls that its crowd made in the slices and between them. */
  crowdCalls: number;
}

/**
 * Installs that are alike but for their crowds take turns, slice by slice, in an order that moves on with each round, so
 * that whatever else the machine does falls on all of them alike. What counts is what the other runs feel of a crowd.
 */
export async function raceBystanders(params: RaceParams): Promise<SuiteResult> {
  const healthy = await startHealthyPeer();
  const contests: Contest[] = [];
  try {
    for (const database of params.databases) contests.push(await contest(params, database, healthy));
  } finally {
    await healthy.close();
  }
  return { facts: contests.map(contestFacts), text: renderContests(params.title, contests) };
}

async function contest(params: RaceParams, database: 'sqlite' | 'postgres', healthy: Peer): Promise<Contest> {
  const subjects = [...NOBODY, ...params.crowds].map((crowd): Subject => {
    return {
      crowd,
      install: new BenchProcess('bystander'),
      peer: new BenchProcess('hostile-peer'),
      slices: [],
      crowdCalls: 0,
    };
  });
  try {
    for (const [index, subject] of subjects.entries()) {
      params.progress(`${database}: preparing ${subject.crowd.title}`);
      await open(subject, { params, healthy, database, folder: join(params.folder, `${database}-${index}`) });
    }
    for (let round = 0; round < params.rounds; round++) {
      params.progress(`${database}: round ${round + 1} of ${params.rounds}`);
      for (let turn = 0; turn < subjects.length; turn++) {
        const subject = subjects[(round + turn) % subjects.length];
        if (subject !== undefined) subject.slices.push(await takeSlice(subject, params));
      }
    }
    return {
      database,
      subjects: subjects.map(({ crowd, slices, crowdCalls }) => ({ title: crowd.title, slices, crowdCalls })),
    };
  } finally {
    await Promise.all(subjects.flatMap(({ install, peer }) => [install.end(), peer.end()]));
  }
}

async function open(
  { crowd, install, peer }: Subject,
  { params, healthy, database, folder }: { params: RaceParams; healthy: Peer; database: string; folder: string },
): Promise<void> {
  setPriority(peer.pid, BELOW_NORMAL);
  await mkdir(folder, { recursive: true });
  await install.ask('open', {
    folder,
    database: database === 'postgres' ? await (await databaseServer()).newInstall() : undefined,
    documents: [...OTHER_DOCUMENTS, ...params.documents],
    settings: {
      'egress.allow': '127.0.0.1:*',
      warehouse_url: healthy.url,
      ...(await peer.ask('settings', { friendly: crowd.isFriendly })),
    },
  });
  await crowd.prepare(install);
  for (let slice = 0; slice < WARM_UP_SLICES; slice++) {
    await install.ask('slice', { ms: params.sliceMs, orders: crowd.ordersPerSlice, isWatched: params.isWatched });
  }
  await install.ask('quiet', undefined);
  await peer.ask('received', undefined);
}

/** What a crowd leaves behind it is over before the next install has its turn. */
async function takeSlice(subject: Subject, { sliceMs, isWatched }: RaceParams): Promise<Slice> {
  const { crowd, install, peer } = subject;
  const slice = await install.ask('slice', { ms: sliceMs, orders: crowd.ordersPerSlice, isWatched });
  if (crowd.ordersPerSlice > 0) await install.ask('quiet', undefined);
  subject.crowdCalls += await peer.ask('received', undefined);
  return slice;
}
