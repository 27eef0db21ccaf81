import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalFile, untilFinished } from '../stage/journal-file.ts';
import { type PreparedInstall, prepareInstall, syncDocuments, syncSettings } from '../stage/prepared-install.ts';
import { type StartedServer, startServer, untilReady } from '../stage/server-process.ts';
import { WebserviceSession } from '../stage/webservice-session.ts';
import { type Finding, judge } from './judge.ts';
import { type KillFacts, killRepeatedly } from './killer.ts';
import { type LoadFacts, startLoad } from './load.ts';
import { createRandom } from './random.ts';

export interface ExperimentParams {
  readonly kills: number;
  readonly seed: number;
  /** Told now and then how far it is. */
  readonly onProgress: (facts: KillFacts, load: LoadFacts) => void;
}

/** What was done, and what was found. */
export interface ExperimentFacts {
  readonly seed: number;
  readonly kills: number;
  readonly killsAtStartup: number;
  readonly saves: number;
  /** Saves sent again because no answer came. */
  readonly repeats: number;
  readonly products: number;
  readonly runs: number;
  /** Steps that were under way when the process was killed. */
  readonly interrupted: number;
  /** Sessions opened anew before a step was sent again. */
  readonly renewals: number;
  /** At B, by logins whose answer was lost; they end by themselves. */
  readonly sessionsLeftOpen: number;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

const CLIENTS = 6;
const OWN_PRODUCTS_OF_B = 3;
const BASE_LIMIT_MS = 120_000;
const LIMIT_PER_KILL_MS = 4_000;
const STALL_MS = 60_000;

/** Two installs; A is killed again and again under load, B never. Rejects when it cannot be carried out in time. */
export async function runExperiment(params: ExperimentParams): Promise<ExperimentFacts> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-kill-'));
  try {
    return await carryOut(params, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function carryOut(params: ExperimentParams, folder: string): Promise<ExperimentFacts> {
  const startedAt = performance.now();
  const documents = await syncDocuments('200ms');
  const module = documents.filter(({ file }) => file === 'Products.xml');
  const b = await prepareInstall({ folder: join(folder, 'b'), documents: module });
  const a = await prepareInstall({ folder: join(folder, 'a'), documents, ...syncSettings(b) });
  const serverB = startServer(b);
  let kills: KillFacts;
  let load: LoadFacts;
  try {
    await untilReady(serverB);
    await fillProducts(b);
    ({ kills, load } = await killUnderLoad(params, a));
  } finally {
    await serverB.stop();
  }
  return { ...conclude(params, { a, b, kills, load }), seconds: (performance.now() - startedAt) / 1_000 };
}

async function fillProducts(b: PreparedInstall): Promise<void> {
  const session = await WebserviceSession.open(b);
  for (let number = 1; number <= OWN_PRODUCTS_OF_B; number++) {
    await session.create('Products', { productname: `Product ${number} of B`, serial_no: `B-own-${number}` });
  }
}

async function killUnderLoad(
  params: ExperimentParams,
  a: PreparedInstall,
): Promise<{ kills: KillFacts; load: LoadFacts }> {
  const { kills: wanted, seed, onProgress } = params;
  const giveUpAt = Date.now() + BASE_LIMIT_MS + wanted * LIMIT_PER_KILL_MS;
  const start = (): StartedServer => startServer({ ...a, cacheFolder: join(a.folder, '..', 'cache') });
  await keepCompiledCode(start);
  const first = start();
  let last = first;
  try {
    await untilReady(first);
    const load = startLoad({ ...a, clients: CLIENTS, seed, giveUpAt });
    let kills: KillFacts = { kills: 0, atStartup: 0 };
    await killRepeatedly({
      start,
      kills: wanted,
      random: createRandom(seed),
      giveUpAt,
      server: first,
      onStart: (server) => void (last = server),
      onKill: (facts) => {
        kills = facts;
        onProgress(facts, load.facts);
      },
    });
    await load.stop();
    await untilFinished(a.folder, STALL_MS);
    return { kills, load: load.facts };
  } finally {
    await last.stop();
  }
}

/** Starts and stops it once, so that the restarts after kills are quick. */
async function keepCompiledCode(start: () => StartedServer): Promise<void> {
  const server = start();
  await untilReady(server).finally(() => server.stop());
}

function conclude(
  { seed }: ExperimentParams,
  found: { a: PreparedInstall; b: PreparedInstall; kills: KillFacts; load: LoadFacts },
): Omit<ExperimentFacts, 'seconds'> {
  const { kills, load } = found;
  const a = new JournalFile(found.a.folder);
  const b = new JournalFile(found.b.folder);
  try {
    return {
      seed,
      kills: kills.kills,
      killsAtStartup: kills.atStartup,
      saves: load.saves,
      repeats: load.repeats,
      products: load.products.size,
      runs: a.number('SELECT count(*) FROM runs'),
      interrupted: a.number(`SELECT count(*) FROM attempts WHERE failure LIKE '%RUN_INTERRUPTED%'`),
      renewals: a.number(
        'SELECT coalesce(sum(round - 1), 0) FROM (SELECT max(round) AS round FROM steps GROUP BY run)',
      ),
      sessionsLeftOpen: b.number('SELECT count(*) FROM sessions') - 1,
      findings: judge({ a, b, facts: load, ownProductsOfB: OWN_PRODUCTS_OF_B }),
    };
  } finally {
    a.close();
    b.close();
  }
}
