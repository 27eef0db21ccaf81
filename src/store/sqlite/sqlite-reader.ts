import type { StoreReader } from '../store.ts';
import { BlobStore } from './blob-store.ts';
import { openForReading } from './database.ts';
import { DedupKeys } from './dedup-keys.ts';
import { createDocumentReader } from './document-store.ts';
import { createGroupReader } from './group-store.ts';
import { createUnitReader } from './unit-store.ts';
import { createJournalReader } from './journal.ts';
import { QueryThread } from './query-thread.ts';
import { RecordHistory } from './record-history.ts';
import { RecordQueries } from './record-queries.ts';
import { createRecordReader } from './record-store.ts';
import { RecordTables } from './record-tables.ts';
import { Relations } from './relations.ts';
import { RunContexts } from './run-contexts.ts';
import { RunListing } from './run-listing.ts';
import { createScheduleReader } from './schedule-store.ts';
import { createSecretReader } from './secret-store.ts';
import { createSettingReader } from './setting-store.ts';
import { storeFailure } from './sqlite-failure.ts';
import { readInstallId } from './install-id.ts';
import { StepLog } from './step-log.ts';
import { createUserReader } from './user-store.ts';

/** Opens the install in the folder for looking at it, also while its owner runs. Rejects with STORE_UNAVAILABLE or STORE_NEWER. */
export async function openSqliteReader(folder: string): Promise<StoreReader> {
  try {
    const db = openForReading(folder);
    const queries = new QueryThread(folder);
    const tables = new RecordTables(db);
    const contexts = new RunContexts(db, new BlobStore(db));
    return {
      records: createRecordReader({
        tables,
        relations: new Relations(db),
        history: new RecordHistory(db),
        dedup: new DedupKeys(db),
        search: new RecordQueries({ db, tables, queries }),
      }),
      journal: createJournalReader({ listing: new RunListing({ db, queries, contexts }), steps: new StepLog(db) }),
      schedules: createScheduleReader(db),
      documents: createDocumentReader(db),
      settings: createSettingReader(db),
      secrets: createSecretReader(db),
      identities: { ...createUserReader(db), ...createGroupReader(db), ...createUnitReader(db) },
      installId: readInstallId(db),
      close: async () => {
        await queries.close();
        db.close();
      },
    };
  } catch (thrown) {
    throw storeFailure(thrown);
  }
}
