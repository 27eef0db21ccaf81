import type { Clock } from '../../core/clock.ts';
import { retentionOf, type RetentionPolicy, type RunRule } from '../../core/retention.ts';
import { type AgedKind, MOST_TAKEN, type RetentionHold } from '../../core/retention-store.ts';
import type { RunId } from '../../core/run.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Store } from '../../store/store.ts';
import { RemovalPace } from './removal-pace.ts';
import { countDue, runRules, workflowKeeps } from './retention-rules.ts';

/** What rounds of removal are made with. */
export interface RetentionParts {
  readonly store: Pick<Store, 'retention' | 'settings' | 'files'>;
  readonly catalog: () => Catalog;
  readonly clock: Clock;
  /** Of this process. */
  readonly holder: string;
}

/** A node that dies in the middle of a round keeps others from it no longer than this. */
const LEASE_MS = 60_000;
/** Runs looked for at once. */
const PAGE = 1_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long what nobody sets is kept. Expired challenges, so that a late login is told that its token expired; answers of the
 * API, for whoever repeats a request; expired messages, so that a run which waited meanwhile sends none again and misses none.
 */
const KEPT_MS: Readonly<Partial<Record<AgedKind, number>>> = {
  challenge: 2 * HOUR_MS,
  session: DAY_MS,
  login: DAY_MS,
  request: DAY_MS,
  message: 30 * DAY_MS,
  delivery: 30 * DAY_MS,
  'dedup-key': 0,
};

/** Somebody else removes by now. */
class HoldLost extends Error {}

/**
 * Removes everything that has been kept long enough. False when another process does it. Rejects with the signal's reason
 * when it is aborted, and with STORE_UNAVAILABLE: the next round goes on there.
 */
export async function retentionRound(parts: RetentionParts, signal: AbortSignal): Promise<boolean> {
  const { store, clock, holder } = parts;
  const startedAt = clock.now();
  const hold = (): RetentionHold => ({ holder, now: clock.now(), leaseMs: LEASE_MS });
  if (!(await store.retention.hold(hold()))) return false;
  let left = 0;
  try {
    left = await removeAll({ ...parts, hold, pace: new RemovalPace(signal) }, startedAt);
  } catch (thrown) {
    if (thrown instanceof HoldLost) return false;
    if (signal.aborted) await store.retention.letGo({ holder, startedAt, endedAt: clock.now(), left });
    throw thrown;
  }
  await store.retention.letGo({ holder, startedAt, endedAt: clock.now(), left });
  return true;
}

interface Round extends RetentionParts {
  readonly hold: () => RetentionHold;
  readonly pace: RemovalPace;
}

/** Gives how many runs are left that have been kept long enough. */
async function removeAll(round: Round, now: number): Promise<number> {
  const { store, catalog } = round;
  const policy = retentionOf(await store.settings.all());
  const rules = await runRules(store.retention, { policy, keeps: workflowKeeps(catalog()), now });
  // What a process that was killed had taken.
  await clearAll(round);
  for (const { byAge, byNumber, ofWorkflows } of rules) {
    for (const rule of [...byAge, ...byNumber, ...ofWorkflows]) await removeRuns(round, rule);
  }
  for (const [kind, before] of agedBefore(policy, now)) await forgetAll(round, kind, before);
  await clearAll(round);
  await clearFiles(round, now - DAY_MS);
  const due = await Promise.all(rules.map((of) => countDue(store.retention, of)));
  return due.reduce((sum, one) => sum + one, 0);
}

/** From when on entries stay; kinds that stay for ever are left out. A job goes with the runs that failed. */
function agedBefore(policy: RetentionPolicy, now: number): readonly (readonly [AgedKind, number])[] {
  const kept: Readonly<Partial<Record<AgedKind, number | null>>> = {
    ...KEPT_MS,
    history: policy.history.keepMs,
    audit: policy.audit.keepMs,
    'run-audit': policy.audit.keepMs,
    job: policy.failed.keepMs,
  };
  // Sound because the object above names nothing else.
  const entries = Object.entries(kept) as [AgedKind, number | null][];
  return entries.flatMap(([kind, keepMs]) => (keepMs === null ? [] : [[kind, now - keepMs] as const]));
}

async function removeRuns(round: Round, rule: RunRule): Promise<void> {
  const { retention } = round.store;
  let after = 0;
  for (;;) {
    // Looking may take a while; whoever looks goes on holding it.
    if (!(await retention.hold(round.hold()))) throw new HoldLost();
    const page = await retention.candidates({ rule, after, limit: PAGE });
    await takeAll(round, page);
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    after = last;
  }
}

async function takeAll(round: Round, page: readonly RunId[]): Promise<void> {
  let taken = 0;
  while (taken < page.length) {
    const from = taken;
    const size = Math.min(MOST_TAKEN, Math.ceil(round.pace.rows / 2));
    taken += size;
    requireHold(await round.pace.step(() => round.store.retention.take(round.hold(), page.slice(from, from + size))));
    await clearAll(round);
  }
}

async function clearAll(round: Round): Promise<void> {
  while (requireHold(await round.pace.step((rows) => round.store.retention.clear(round.hold(), rows))) > 0);
}

/** Files know by themselves who needs them; a chunk is much for a row, and the store counts with that. */
async function clearFiles({ store, hold, pace }: Round, before: number): Promise<void> {
  while ((await pace.step((limit) => store.files.clear({ before, limit }))) > 0) {
    if (!(await store.retention.hold(hold()))) throw new HoldLost();
  }
}

async function forgetAll(round: Round, kind: AgedKind, before: number): Promise<void> {
  for (;;) {
    const limit = round.pace.rows;
    const removed = await round.pace.step(() => round.store.retention.forget(round.hold(), { kind, before, limit }));
    if (requireHold(removed) === 0) return;
  }
}

function requireHold(removed: number | undefined): number {
  if (removed === undefined) throw new HoldLost();
  return removed;
}
