import { join } from 'node:path';
import { JournalFile, untilFinished } from '../../tools/stage/journal-file.ts';
import { prepareInstall, syncDocuments, syncSettings } from '../../tools/stage/prepared-install.ts';
import { type StartedServer, startServer, untilReady } from '../../tools/stage/server-process.ts';
import { processUse } from '../measure/process-use.ts';
import { closedLoop } from './closed-loop.ts';
import { writtenIds } from './install-file.ts';
import { PeerClient } from './peer-client.ts';
import { productsOf } from './product.ts';

/** Chains between two whole installs, both Mapwright on SQLite. */
export interface TwoInstallsFacts {
  readonly chains: number;
  readonly chainsPerSecond: number;
  /** From the first save to the last one's answer. */
  readonly savedSeconds: number;
  /** How often a run was taken up: once, and again each time it had to wait for a place. */
  readonly claimsPerChain: number;
  /** Processor time. */
  readonly cpuMsPerChain: { readonly a: number; readonly b: number };
}

const CLIENTS = 32;
const WARM_UP = 64;
const STALL_MS = 120_000;

/** Saves products at A over HTTP, which sends them to B. Rejects when one has not got the id that B gave it. */
export async function measureTwoInstalls(params: {
  readonly folder: string;
  readonly chains: number;
}): Promise<TwoInstallsFacts> {
  const { folder, chains } = params;
  const documents = await syncDocuments('5s');
  const module = documents.filter(({ file }) => file === 'Products.xml');
  const b = await prepareInstall({ folder: join(folder, 'b'), documents: module });
  const a = await prepareInstall({ folder: join(folder, 'a'), documents, ...syncSettings(b) });
  const servers = [startServer(a), startServer(b)] as const;
  const client = new PeerClient({ ...a, connections: CLIENTS });
  try {
    for (const server of servers) await untilReady(server);
    const session = await client.open();
    const create = async (label: string, count: number): Promise<number> => {
      const work = async (product: Readonly<Record<string, string>>): Promise<void> => {
        await client.create(session, product);
      };
      const items = productsOf({ label, count }).map((product) => ({ ...product }));
      return (await closedLoop({ items, atOnce: CLIENTS, work })).seconds;
    };
    await create('warm-up', WARM_UP);
    await untilFinished(a.folder, STALL_MS);
    const before = useOf(servers);
    const startedAt = Date.now();
    const savedSeconds = await create('measured', chains);
    await untilFinished(a.folder, STALL_MS);
    const after = useOf(servers);
    requireWritten(a.folder, chains + WARM_UP);
    return {
      chains,
      savedSeconds,
      ...journalFacts(a.folder, chains, startedAt),
      cpuMsPerChain: { a: (after.a - before.a) / chains, b: (after.b - before.b) / chains },
    };
  } finally {
    await client.close();
    await Promise.all(servers.map((server) => server.stop()));
  }
}

function useOf([a, b]: readonly [StartedServer, StartedServer]): { readonly a: number; readonly b: number } {
  return { a: processUse(a.pid).cpuMs, b: processUse(b.pid).cpuMs };
}

function journalFacts(
  folder: string,
  chains: number,
  startedAt: number,
): Pick<TwoInstallsFacts, 'chainsPerSecond' | 'claimsPerChain'> {
  const journal = new JournalFile(folder);
  try {
    const seconds = (journal.number('SELECT max(ended_at) FROM runs') - startedAt) / 1_000;
    const claimsPerChain = journal.number('SELECT avg(epoch) FROM runs');
    return { chainsPerSecond: chains / seconds, claimsPerChain };
  } finally {
    journal.close();
  }
}

function requireWritten(folder: string, count: number): void {
  const ids = new Set(writtenIds(folder).values());
  ids.delete('');
  if (ids.size !== count) throw new Error(`${ids.size} of ${count} products have an id of their own at the other side`);
}
