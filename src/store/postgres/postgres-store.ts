import type { Clock, Ids } from '../../core/clock.ts';
import type { SharedClock } from '../../core/node.ts';
import { keyRing } from '../key/key-ring.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { createSealer } from '../key/sealer.ts';
import type { Store } from '../store.ts';
import { createAccessStore } from './access-store.ts';
import { createAttemptStore } from './attempt-store.ts';
import { createAuditStore } from './audit-store.ts';
import { DatabaseClock, serverTime } from './database-clock.ts';
import type { PostgresDatabase } from './database.ts';
import { createDeliveryStore } from './delivery-store.ts';
import { createDestinationStore } from './destination-store.ts';
import { createDocumentStore } from './document-store.ts';
import { createFileStore } from './file-store.ts';
import { NotifyChannel } from './hint-channel.ts';
import { createIdentityStore } from './identity-store.ts';
import { createImportStore } from './import-store.ts';
import { createInboxStore } from './inbox-store.ts';
import { makeInstallId } from './install-row.ts';
import { createJournal } from './journal.ts';
import { createKeyStore, followKey } from './key-store.ts';
import { createMessageStore } from './message-store.ts';
import { NodeRegistry } from './node-registry.ts';
import { createNotificationStore } from './notification-store.ts';
import { NumberSequence } from './number-sequence.ts';
import { OperationLeases } from './operation-leases.ts';
import { createOperationQueue } from './operation-queue.ts';
import { closePools, openPools } from './postgres-pools.ts';
import type { Pools } from './postgres-pools.ts';
import { RecordBatch } from './record-batch.ts';
import { createRecordStore } from './record-store.ts';
import { RecordTables } from './record-tables.ts';
import { createRetentionStore } from './retention-store.ts';
import { createRecovery } from './recovery.ts';
import { bringUpToDate } from './schema-version.ts';
import { createScheduleStore } from './schedule-store.ts';
import { createSecretStore } from './secret-store.ts';
import { SERVER_BACKUPS } from './server-backups.ts';
import { requireSuitableServer } from './server-check.ts';
import { createSettingStore } from './setting-store.ts';
import { createSignInStore } from './sign-in-store.ts';
import { createStoreWatch } from './store-watch.ts';
import { createTokenStore } from './token-store.ts';
import { UnitCommits } from './unit-commits.ts';

export interface PostgresStoreParams {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** 32 bytes, or several keys, the same for all nodes of the install; see `loadKeys` */
  readonly key: Uint8Array | KeyRing;
  readonly ids: Ids;
  /** Of this machine. Everything that is stored goes by the database's. */
  readonly clock?: Clock;
}

/**
 * Opens the install in a PostgreSQL database as one node of several. An empty database is made an install's, one of an
 * older version is brought up to date. Rejects with STORE_NEWER, STORE_UNAVAILABLE, STORE_URL_INVALID or KEY_INVALID.
 */
export async function openPostgresStore(params: PostgresStoreParams): Promise<Store> {
  const ring = keyRing(params.key);
  const pools = openPools(params.url);
  const own = params.clock ?? { now: () => Date.now() };
  const clock = new DatabaseClock({ own, ask: () => serverTime(pools.db) });
  try {
    await requireSuitableServer(pools.db);
    await clock.look();
    await bringUpToDate(pools.db, clock.now());
    const installId = await makeInstallId(pools.db, params.ids);
    await followKey(pools.db, ring);
    const node = { db: pools.db, id: params.ids.next(), clock, ring };
    return composeStore({ url: params.url, pools, ring, installId, node });
  } catch (thrown) {
    await closePools(pools);
    throw thrown;
  }
}

interface StoreParts {
  readonly url: string;
  readonly pools: Pools;
  readonly ring: KeyRing;
  readonly installId: string;
  readonly node: {
    readonly db: PostgresDatabase;
    readonly id: string;
    readonly clock: SharedClock;
    readonly ring: KeyRing;
  };
}

function composeStore({ url, pools, ring, installId, node }: StoreParts): Store {
  const { db, searches } = pools;
  const registry = new NodeRegistry(node);
  const hints = new NotifyChannel({ db, url, node: node.id, installId });
  const leases = new OperationLeases(db, { owner: node.id, clock: node.clock });
  const numbers = new NumberSequence(db);
  const tables = new RecordTables(db);
  const units = new UnitCommits({ db: pools.commits, records: new RecordBatch({ tables, numbers }) });
  return {
    records: createRecordStore({ db, searches, tables, numbers, commits: units }),
    journal: createJournal({ db: pools.commits, units }),
    inbox: createInboxStore(db),
    documents: createDocumentStore(db),
    settings: createSettingStore(db),
    secrets: createSecretStore(db, ring),
    tokens: createTokenStore(db),
    signIns: createSignInStore(db),
    sealer: createSealer(ring),
    keys: createKeyStore(db, ring),
    files: createFileStore(db),
    identities: createIdentityStore({ db, searches }, ring),
    access: createAccessStore(db),
    attempts: createAttemptStore(db),
    audit: createAuditStore(db),
    notifications: createNotificationStore(db),
    deliveries: createDeliveryStore(db),
    destinations: createDestinationStore(db),
    operations: createOperationQueue(db, leases),
    messages: createMessageStore(db),
    schedules: createScheduleStore(db),
    imports: createImportStore(db),
    retention: createRetentionStore(db),
    watch: createStoreWatch({ db, commits: units }),
    backups: SERVER_BACKUPS,
    recovery: createRecovery(db, numbers),
    installId,
    nodes: registry,
    hints,
    close: closeOnce([
      () => units.close(),
      () => numbers.close(),
      () => leases.close(),
      () => registry.close(),
      () => hints.silence(),
      () => closePools(pools),
    ]),
  };
}

/** One after another; what fails keeps nothing else from being closed. */
function closeOnce(steps: readonly (() => Promise<void>)[]): () => Promise<void> {
  let closing: Promise<void> | undefined;
  const close = async () => {
    const failures: unknown[] = [];
    for (const step of steps) await step().catch((thrown: unknown) => failures.push(thrown));
    if (failures.length > 0) throw failures[0];
  };
  return () => (closing ??= close());
}
