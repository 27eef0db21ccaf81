import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuTimeMs } from '../tools/stage/cpu-time.ts';
import { JournalFile, untilFinished } from '../tools/stage/journal-file.ts';
import { prepareInstall, syncDocuments, syncSettings } from '../tools/stage/prepared-install.ts';
import { startServer, untilReady } from '../tools/stage/server-process.ts';
import { WebserviceSession } from '../tools/stage/webservice-session.ts';

// node bench/chains.ts [--products 300] [--clients 32] [--profile FOLDER] [--json]
// How many chains (challenge, login, create, logout) a second, from save to the id written back, both installs on SQLite.

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '300' },
    clients: { type: 'string', default: '32' },
    profile: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const products = Number(options.products);
const clients = Number(options.clients);
const WARM_UP = 64;
const STALL_MS = 60_000;

const folder = await mkdtemp(join(tmpdir(), 'mapwright-bench-'));
try {
  const facts = await run();
  process.stdout.write(`${options.json === true ? JSON.stringify(facts) : render(facts)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function run() {
  const documents = await syncDocuments('5s');
  const module = documents.filter(({ file }) => file === 'Products.xml');
  const b = await prepareInstall({ folder: join(folder, 'b'), documents: module });
  const a = await prepareInstall({ folder: join(folder, 'a'), documents, ...syncSettings(b) });
  const profile = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
  const servers = [startServer({ ...a, nodeOptions: profile }), startServer(b)];
  try {
    for (const server of servers) await untilReady(server);
    const session = await WebserviceSession.open(a);
    await createProducts(session, WARM_UP);
    await untilFinished(a.folder, STALL_MS);
    const startedAt = performance.now();
    const cpuBefore = servers.map(({ pid }) => cpuTimeMs(pid));
    await createProducts(session, products);
    const savedSeconds = (performance.now() - startedAt) / 1_000;
    await untilFinished(a.folder, STALL_MS);
    const seconds = (performance.now() - startedAt) / 1_000;
    const [cpuMsAtA = 0, cpuMsAtB = 0] = servers.map(
      ({ pid }, index) => (cpuTimeMs(pid) - (cpuBefore[index] ?? 0)) / products,
    );
    const claimsPerChain = inspect(a.folder);
    return {
      chains: products,
      seconds,
      savedSeconds,
      perSecond: products / seconds,
      claimsPerChain,
      cpuMsAtA,
      cpuMsAtB,
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

function render(facts: Awaited<ReturnType<typeof run>>): string {
  return [
    `${facts.chains} chains in ${facts.seconds.toFixed(2)} s: ${facts.perSecond.toFixed(1)} chains/s`,
    `all saved after ${facts.savedSeconds.toFixed(2)} s; ${facts.claimsPerChain.toFixed(1)} claims per chain`,
    `processor time per chain: A ${facts.cpuMsAtA.toFixed(1)} ms, B ${facts.cpuMsAtB.toFixed(1)} ms`,
  ].join('\n');
}

async function createProducts(session: WebserviceSession, count: number): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      const number = ++next;
      await session.create('Products', {
        productname: `Product ${number}`,
        serial_no: `SN-${number}`,
        unit_price: '1.5',
      });
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/**
 * A chain counts only when its product has the id that the other side gave. Gives how often a run was taken up: once, and
 * again each time it had to wait for a place.
 */
function inspect(install: string): number {
  const journal = new JournalFile(install);
  const missing = journal.number(`SELECT count(*) FROM m_Products WHERE coalesce(f_remote_id, '') = ''`);
  const claims = journal.number('SELECT avg(epoch) FROM runs');
  journal.close();
  if (missing > 0) throw new Error(`${missing} products have no remote id`);
  return claims;
}
