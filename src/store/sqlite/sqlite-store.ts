import type { Ids } from '../../core/clock.ts';
import { requireNotMoved } from '../moved-mark.ts';
import { requireNotRestoring } from '../restore-mark.ts';
import { keyRing } from '../key/key-ring.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { createSealer } from '../key/sealer.ts';
import type { Store } from '../store.ts';
import { createAccessStore } from './access-store.ts';
import { createAuditStore } from './audit-store.ts';
import { BlobStore } from './blob-store.ts';
import { BusinessKeys } from './business-keys.ts';
import { SqliteBackups } from './backup/sqlite-backups.ts';
import { CheckpointThread } from './checkpoint-thread.ts';
import { logFile, makeFolder, openForWriting } from './database.ts';
import type { SqliteDatabase } from './database.ts';
import { DedupKeys } from './dedup-keys.ts';
import { createDeliveryStore, Deliveries } from './delivery-store.ts';
import { createDestinationStore } from './destination-store.ts';
import { createDocumentStore } from './document-store.ts';
import { createFileStore } from './file-store.ts';
import { FileUses } from './file-uses.ts';
import { FirstTrueMarks } from './first-true-marks.ts';
import { GroupCommit } from './group-commit.ts';
import { createIdentityStore } from './identity-store.ts';
import { Inbox } from './inbox.ts';
import { readInstallId } from './install-id.ts';
import { InboxJobs } from './inbox-jobs.ts';
import { createInboxStore } from './inbox-store.ts';
import { createImportStore } from './import-store.ts';
import { createJournal } from './journal.ts';
import { createKeyStore, followKey } from './key-store.ts';
import { createNotificationStore, Notifications } from './notification-store.ts';
import { startLogFlusher } from './log-flusher.ts';
import { createMessageStore } from './message-store.ts';
import { NumberSequence } from './number-sequence.ts';
import { takeOwnerLock } from './owner-lock.ts';
import type { OwnerLock } from './owner-lock.ts';
import { createOperationQueue } from './operation-queue.ts';
import { QueryThread } from './query-thread.ts';
import { RecordHistory } from './record-history.ts';
import { RecordNewcomers } from './record-newcomers.ts';
import { RecordImages } from './record-images.ts';
import { RecordQueries } from './record-queries.ts';
import { createRecordStore } from './record-store.ts';
import { RecordTables } from './record-tables.ts';
import { RecordWriter } from './record-writer.ts';
import { createRecovery } from './recovery.ts';
import { Relations } from './relations.ts';
import { createRetentionStore } from './retention-store.ts';
import { RunClaims } from './run-claims.ts';
import { RunContexts } from './run-contexts.ts';
import { RunCounts } from './run-counts.ts';
import { RunInterventions } from './run-interventions.ts';
import { RunLanes } from './run-lanes.ts';
import { RunListing } from './run-listing.ts';
import { RunSettlements } from './run-settlement.ts';
import { createScheduleStore } from './schedule-store.ts';
import { createSecretStore } from './secret-store.ts';
import { createSettingStore } from './setting-store.ts';
import { createSignInStore } from './sign-in-store.ts';
import { soleProcess } from './sole-process.ts';
import { storeFailure } from './sqlite-failure.ts';
import { StepLog } from './step-log.ts';
import { createStoreWatch } from './store-watch.ts';
import { createTokenStore } from './token-store.ts';
import { UnitWriter } from './unit-writer.ts';

/**
 * Opens the install in the folder, made when there is none, for this process alone.
 * Rejects with STORE_LOCKED, STORE_MOVED, STORE_RESTORING, STORE_NEWER, STORE_UNAVAILABLE or KEY_INVALID.
 * @param params.key 32 bytes, or several keys; see `loadKeys`
 */
export async function openSqliteStore(params: {
  readonly folder: string;
  readonly key: Uint8Array | KeyRing;
  readonly ids: Ids;
}): Promise<Store> {
  const ring = keyRing(params.key);
  let lock: OwnerLock | undefined;
  try {
    makeFolder(params.folder);
    lock = takeOwnerLock(params.folder);
    requireNotMoved(params.folder);
    requireNotRestoring(params.folder);
    const db = openForWriting(params.folder);
    const installId = makeInstallId(db, params.ids);
    followKey(db, ring);
    return composeStore({ ...params, db, ring, lock, installId });
  } catch (thrown) {
    lock?.release();
    throw storeFailure(thrown);
  }
}

interface StoreParts {
  readonly db: SqliteDatabase;
  readonly ring: KeyRing;
  readonly lock: OwnerLock;
  readonly folder: string;
  readonly installId: string;
  readonly ids: Ids;
}

function composeStore({ db, ring, lock, folder, installId, ids }: StoreParts): Store {
  const commits = new GroupCommit(db, () => startLogFlusher(logFile(folder)));
  const queries = new QueryThread(folder);
  const checkpoints = new CheckpointThread(folder, commits);
  const backups = new SqliteBackups(folder);
  const numbers = new NumberSequence(db, commits);
  const blobs = new BlobStore(db);
  const dedup = new DedupKeys(db);
  const history = new RecordHistory(db);
  const tables = new RecordTables(db);
  const search = new RecordQueries({ db, tables, queries });
  const images = new RecordImages();
  const lanes = new RunLanes(db);
  const steps = new StepLog(db);
  const contexts = new RunContexts(db, blobs);
  const relations = new Relations(db);
  const marks = new FirstTrueMarks(db);
  const keys = new BusinessKeys(db);
  const newcomers = new RecordNewcomers(db, tables);
  const notifications = new Notifications(db);
  const deliveries = new Deliveries(db);
  const records = new RecordWriter({ tables, numbers, history, images, uses: new FileUses(db) });
  const common = { tables, relations, dedup, newcomers };
  const units = new UnitWriter({ ...common, records, lanes, marks, contexts, keys, notifications, deliveries });
  const inbox = new Inbox(db);
  const jobs = new InboxJobs(db);
  const counts = new RunCounts(db);
  const parts = { db, lanes, steps, contexts, units, keys, marks, inbox, jobs, counts };
  return {
    records: createRecordStore({ ...common, history, search, commits, numbers, units, images }),
    journal: createJournal({
      commits,
      steps,
      marks,
      listing: new RunListing({ db, queries, contexts }),
      claims: new RunClaims(parts),
      settlements: new RunSettlements(parts),
      interventions: new RunInterventions(parts),
    }),
    inbox: createInboxStore({ db, commits, queries, jobs }),
    documents: createDocumentStore(db, commits, blobs),
    ...createSmallStores({ db, commits, queries, ring }),
    notifications: createNotificationStore(notifications, commits),
    deliveries: createDeliveryStore(deliveries, commits),
    watch: createStoreWatch({ db, commits, queries }),
    backups,
    recovery: createRecovery({ db, commits, numbers }),
    installId,
    hints: undefined,
    attempts: undefined,
    nodes: soleProcess(ids.next()),
    close: closeOnce({ db, lock, commits, queries, checkpoints, numbers, backups }),
  };
}

/** The parts of a store that need nothing of each other. */
function createSmallStores(parts: {
  readonly db: SqliteDatabase;
  readonly commits: GroupCommit;
  readonly queries: QueryThread;
  readonly ring: KeyRing;
}) {
  const { db, commits, queries, ring } = parts;
  return {
    settings: createSettingStore(db, commits),
    secrets: createSecretStore(db, commits, ring),
    tokens: createTokenStore(db, commits),
    signIns: createSignInStore(db, commits),
    sealer: createSealer(ring),
    keys: createKeyStore(db, commits, ring),
    files: createFileStore(db, commits),
    identities: createIdentityStore({ db, commits, queries }, ring),
    access: createAccessStore(db, commits),
    audit: createAuditStore(db, commits),
    destinations: createDestinationStore(db, commits),
    operations: createOperationQueue(db, commits),
    messages: createMessageStore(db, commits),
    schedules: createScheduleStore(db, commits),
    imports: createImportStore(db, commits),
    retention: createRetentionStore({ db, commits, queries }),
  };
}

function closeOnce(parts: {
  readonly db: SqliteDatabase;
  readonly lock: OwnerLock;
  readonly commits: GroupCommit;
  readonly queries: QueryThread;
  readonly checkpoints: CheckpointThread;
  readonly numbers: NumberSequence;
  readonly backups: SqliteBackups;
}): () => Promise<void> {
  let closing: Promise<void> | undefined;
  const close = async () => {
    try {
      await parts.numbers.close();
    } finally {
      await parts.backups.close();
      await parts.commits.close();
      await parts.checkpoints.close();
      await parts.queries.close();
      parts.db.close();
      parts.lock.release();
    }
  };
  return () => (closing ??= close());
}

function makeInstallId(db: SqliteDatabase, ids: Ids): string {
  db.prepare<[string]>(
    'INSERT INTO install (id, install_id, numbers_below) VALUES (1, ?, 1) ON CONFLICT DO NOTHING',
  ).run(ids.next());
  return readInstallId(db);
}
