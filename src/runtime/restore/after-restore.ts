import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import type { HeldWork } from '../../core/recovery.ts';
import type { Store } from '../../store/store.ts';
import { openStore } from '../open-store.ts';

export interface AfterRestoreParams {
  readonly folder: string;
  /** `postgres://...`: where the install is kept, when not in its folder. */
  readonly database: string | undefined;
  /** Environment variables; MAPWRIGHT_KEY is read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly by: string;
  /** False: only numbers jump. */
  readonly hold: boolean;
  readonly ahead: number;
  /** Told how many runs have not ended; throws to leave everything as it is. */
  readonly confirm: (unfinished: number) => void;
}

/**
 * Prepares an install for going on whose database was restored by other means: `pg_restore`, a base backup, a snapshot of a
 * disk. Nobody works on it meanwhile. Rejects with STORE_LOCKED, RESTORE_NODES_WORKING and what `confirm` throws.
 */
export async function afterRestore(params: AfterRestoreParams): Promise<HeldWork> {
  const store = await openStore(params);
  try {
    await requireNobodyWorks(store, params.clock);
    const unfinished = await store.journal.unfinished();
    params.confirm(Object.values(unfinished).reduce((sum, count) => sum + count, 0));
    return await prepare(store, params);
  } finally {
    await store.close();
  }
}

async function prepare(store: Store, { clock, by, hold, ahead }: AfterRestoreParams): Promise<HeldWork> {
  const at = clock.now();
  const head = { at, by, kind: 'local', from: 'local', action: 'restore', target: store.installId } as const;
  const id = await store.audit.begin({ ...head, detail: { hold } });
  const held = await store.recovery.afterRestore({ at, ahead, hold });
  await store.audit.end({ id, outcome: 'done', detail: { ...held } });
  return held;
}

/** Nodes that the backup shows are gone by now, unless it is younger than a few seconds. */
async function requireNobodyWorks({ nodes }: Store, clock: Clock): Promise<void> {
  const working = (await nodes.list(clock.now())).filter(({ state }) => state === 'working');
  if (working.length === 0) return;
  const names = working.map(({ name }) => name).join(', ');
  throw new MapwrightError('RESTORE_NODES_WORKING', `Nodes work on this database: ${names}`, {
    hint: 'Stop them first; one that is gone is forgotten after 15 seconds.',
    retryable: true,
  });
}
