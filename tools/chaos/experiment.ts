import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalFile } from '../stage/journal-file.ts';
import { drainRuns } from './drain.ts';
import type { FaultName } from './faults.ts';
import { takeTurns } from './fault-turns.ts';
import { type Finding, areKept } from './finding.ts';
import type { ServerFacts } from './harassed-server.ts';
import { judge } from './judge.ts';
import { type Load, type LoadFacts, startLoad } from './load.ts';
import { Operator, type OperatorFacts } from './operator.ts';
import { type PlanParams, planChaos } from './plan.ts';
import { createRandom } from './random.ts';
import { OWN_PRODUCTS_OF_B, type Stage, fillProducts, prepareStage } from './stage.ts';

export interface ChaosParams extends PlanParams {
  /** Given: no more is done to the installs; what has happened is brought to its end and judged. */
  readonly signal: AbortSignal;
  /** Told of every single action. */
  readonly onAction: (line: string) => void;
  /** Told now and then how far it is. */
  readonly onProgress: (progress: ChaosProgress) => void;
}

/** How far it is. */
export interface ChaosProgress {
  readonly phase: 'load' | 'drain';
  readonly seconds: number;
  readonly kills: number;
  readonly saves: number;
  readonly repeats: number;
  /** Runs that have not ended; undefined where that is not counted. */
  readonly left: number | undefined;
}

/** What was done, and what was found. */
export interface ChaosFacts {
  readonly seed: number;
  readonly kills: number;
  readonly killsOfB: number;
  readonly killsAtStartup: number;
  readonly restarts: number;
  readonly freezes: number;
  /** Harmed calls by fault; for `refused`, the times that nobody listened. */
  readonly faults: Readonly<Partial<Record<FaultName, number>>>;
  readonly saves: number;
  /** Saves sent again because no answer came. */
  readonly repeats: number;
  readonly products: number;
  readonly runs: number;
  /** Steps that were under way when the process was killed. */
  readonly interrupted: number;
  /** Sessions opened anew before a step was sent again. */
  readonly renewals: number;
  /** Runs that waited for a person, who tried them again. */
  readonly retriedByHand: number;
  /** At B; they end by themselves. */
  readonly sessionsLeftOpen: number;
  /** Lines in which a server told of a fault of its own. */
  readonly serverFaults: readonly string[];
  readonly isInterrupted: boolean;
  readonly findings: readonly Finding[];
  readonly seconds: number;
  /** Where both installs are left; undefined when every promise was kept: they are removed then. */
  readonly folder: string | undefined;
}

const BASE_LIMIT_MS = 300_000;
const LIMIT_PER_KILL_MS = 10_000;
const STALL_MS = 90_000;
const PROGRESS_EVERY_MS = 1_000;

/**
 * Two installs under load, of which everything is expected, and to which everything is done that the plan holds. Rejects
 * when it cannot be carried out; the installs are left in their folder then, and nowhere else.
 */
export async function runChaos(params: ChaosParams): Promise<ChaosFacts> {
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-chaos-'));
  const random = createRandom(params.seed + 3);
  const stage = await prepareStage({ folder, random, tell: params.onAction });
  try {
    const { load, operator } = await carryOut(params, stage, startedAt);
    const findings = conclude(params, stage, { load, operator });
    const isKept = areKept(findings.findings);
    if (isKept) await rm(folder, { recursive: true, force: true });
    return {
      ...findings,
      seconds: (performance.now() - startedAt) / 1_000,
      folder: isKept ? undefined : folder,
    };
  } catch (cause) {
    throw new Error(`it could not be carried out; both installs are left in ${folder}`, { cause });
  } finally {
    await Promise.all([stage.a.server.abandon(), stage.b.server.abandon(), stage.proxy.close()]);
  }
}

interface Observed {
  readonly load: LoadFacts;
  readonly operator: OperatorFacts;
}

async function carryOut(params: ChaosParams, stage: Stage, startedAt: number): Promise<Observed> {
  const { a, b, proxy } = stage;
  const { seed, signal } = params;
  await b.server.untilReady();
  await fillProducts(b.install);
  await a.server.untilReady();
  // Both have been up once: what they compiled is kept, and every start from here on is quick.
  await Promise.all([a.server.stop(), b.server.stop()]);
  await Promise.all([a.server.untilReady(), b.server.untilReady()]);
  const giveUpAt = Date.now() + BASE_LIMIT_MS + params.minutes * 60_000 + params.kills * LIMIT_PER_KILL_MS;
  const load = startLoad({ ...a.install, seed, giveUpAt });
  const operator = new Operator(a.install.folder);
  const telling = setInterval(
    () => params.onProgress({ ...progressOf(stage, load.facts, startedAt), phase: 'load', left: undefined }),
    PROGRESS_EVERY_MS,
  );
  try {
    await harass(params, stage, load);
    await proxy.heal();
    params.onAction(signal.aborted ? 'told to end' : 'all is done: everything is healed');
    await load.stop();
  } finally {
    clearInterval(telling);
  }
  await drainRuns({
    folder: a.install.folder,
    stallMs: STALL_MS,
    onLook: (left) => params.onProgress({ ...progressOf(stage, load.facts, startedAt), phase: 'drain', left }),
  });
  await operator.stop();
  await a.server.stop();
  await b.server.stop();
  return { load: load.facts, operator: operator.facts };
}

/** Everything at once, until the plan is carried out and its time has passed. */
async function harass({ signal, onAction: tell, ...params }: ChaosParams, stage: Stage, load: Load): Promise<void> {
  const plan = planChaos(params);
  const startedAt = performance.now();
  const rest = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, plan.lengthMs);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
  // A client that gives up rejects; nothing that is done would be worth doing any more.
  await Promise.race([
    load.failed,
    Promise.all([
      stage.a.server.undergo(plan.a, startedAt, signal),
      stage.b.server.undergo(plan.b, startedAt, signal),
      takeTurns({ proxy: stage.proxy, faults: plan.faults, startedAt, signal, tell }),
      rest,
    ]),
  ]);
  await Promise.all([stage.a.server.untilReady(), stage.b.server.untilReady()]);
}

function progressOf(
  { a, b }: Stage,
  { saves, repeats }: LoadFacts,
  startedAt: number,
): Omit<ChaosProgress, 'phase' | 'left'> {
  const kills = a.server.facts.kills + b.server.facts.kills;
  return { kills, saves, repeats, seconds: (performance.now() - startedAt) / 1_000 };
}

function conclude(
  { seed, signal }: ChaosParams,
  stage: Stage,
  { load, operator }: Observed,
): Omit<ChaosFacts, 'seconds' | 'folder'> {
  const a = new JournalFile(stage.a.install.folder);
  const b = new JournalFile(stage.b.install.folder);
  const done: readonly ServerFacts[] = [stage.a.server.facts, stage.b.server.facts];
  const sum = (count: (facts: ServerFacts) => number): number => done.reduce((all, facts) => all + count(facts), 0);
  try {
    return {
      seed,
      kills: sum(({ kills }) => kills),
      killsOfB: stage.b.server.facts.kills,
      killsAtStartup: sum(({ killsAtStartup }) => killsAtStartup),
      restarts: sum(({ restarts }) => restarts),
      freezes: sum(({ freezes }) => freezes),
      faults: Object.fromEntries(stage.proxy.harmed),
      saves: load.saves,
      repeats: load.repeats,
      products: load.products.size,
      runs: a.number('SELECT count(*) FROM runs'),
      interrupted: a.number(`SELECT count(*) FROM attempts WHERE failure LIKE '%RUN_INTERRUPTED%'`),
      renewals: a.number(
        'SELECT coalesce(sum(round - 1), 0) FROM (SELECT max(round) AS round FROM steps GROUP BY run)',
      ),
      retriedByHand: operator.retries,
      // One of them is that with which B got its own products.
      sessionsLeftOpen: b.number('SELECT count(*) FROM sessions') - 1,
      serverFaults: done.flatMap(({ faults }) => faults),
      isInterrupted: signal.aborted,
      findings: judge({
        a,
        b,
        load,
        arrivals: stage.proxy.arrivals,
        stranded: [...operator.stranded],
        crashes: done.flatMap(({ crashes }) => crashes),
        ownProductsOfB: OWN_PRODUCTS_OF_B,
      }),
    };
  } finally {
    a.close();
    b.close();
  }
}
