import { Pool } from 'undici';
import type { PreparedInstall } from '../../tools/stage/prepared-install.ts';
import { startServer, untilReady } from '../../tools/stage/server-process.ts';
import { untilFinished } from '../../tools/stage/journal-file.ts';
import { BenchProcess, endFirst } from '../process/child-process.ts';
import { closedLoop } from './closed-loop.ts';
import type { ContestantSetup, RoundFacts, RoundParams } from './contestant.ts';
import type { Entrant } from './entrant.ts';
import { runEnds, writtenIds } from './install-file.ts';
import { PeerClient } from './peer-client.ts';
import { type Product, productsOf } from './product.ts';

/** Connections of the client that saves over HTTP: more than are ever used at once. */
const CLIENT_CONNECTIONS = 256;
const STALL_MS = 120_000;

interface ServerParams extends ContestantSetup {
  readonly nodeOptions: readonly string[];
  /** Mapwright's own server on this install; without one it is the handler written by hand. */
  readonly install?: PreparedInstall;
}

/** A server to which this process saves products. */
export function enterServer({ install, ...params }: ServerParams): Promise<Entrant> {
  return install === undefined ? enterHandler(params) : enterMapwright(install, params.nodeOptions);
}

/** The answer comes when the chain has ended. */
async function enterHandler({ nodeOptions, ...setup }: ServerParams): Promise<Entrant> {
  const child = new BenchProcess('handler', { nodeOptions });
  const url = await child.ask('open', setup).catch(endFirst(child));
  const pool = new Pool(url, { connections: CLIENT_CONNECTIONS, pipelining: 1 });
  const work = async (product: Product): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(product);
    const answer = await pool.request({ method: 'POST', path: '/products', headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`the handler answered ${answer.statusCode}: ${text}`);
  };
  return {
    pid: child.pid,
    prepare: () => undefined,
    round: ({ label, chains, atOnce }) => closedLoop({ items: productsOf({ label, count: chains }), atOnce, work }),
    async close() {
      await pool.close();
      return child.ask('close', undefined);
    },
    end: () => child.end(),
  };
}

/** The answer comes when the product is saved; its chain ends later, which the database tells. */
async function enterMapwright(install: PreparedInstall, nodeOptions: readonly string[]): Promise<Entrant> {
  const { folder, url, accessKey } = install;
  const server = startServer({ ...install, nodeOptions });
  const client = new PeerClient({ url, accessKey, connections: CLIENT_CONNECTIONS });
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await client.close();
    await server.stop();
  };
  const session = await untilReady(server)
    .then(() => client.open())
    .catch(endFirst({ end: stop }));
  return {
    pid: server.pid,
    prepare: () => undefined,
    async round({ label, chains, atOnce }: RoundParams): Promise<RoundFacts> {
      const items = productsOf({ label, count: chains });
      const savedAt = new Map<string, number>();
      const startedAt = Date.now();
      const work = async (product: Product): Promise<void> => {
        savedAt.set(product.productname, Date.now());
        await client.create(session, { ...product });
      };
      await closedLoop({ items, atOnce, work });
      await untilFinished(folder, STALL_MS);
      const ends = runEnds(folder);
      const latest = items.map(({ productname }) => ends.get(productname)?.endedAt ?? Number.NaN);
      return {
        seconds: (Math.max(...latest) - startedAt) / 1_000,
        latenciesMs: items.map(({ productname }, index) => (latest[index] ?? 0) - (savedAt.get(productname) ?? 0)),
      };
    },
    async close() {
      await stop();
      return writtenIds(folder);
    },
    end: stop,
  };
}
