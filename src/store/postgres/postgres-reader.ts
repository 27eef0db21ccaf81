import type { StoreReader } from '../store.ts';
import { createDocumentStore } from './document-store.ts';
import { createGroupReader } from './group-store.ts';
import { requireInstall } from './install-row.ts';
import { createJournalReader } from './journal.ts';
import { closePools, openPools } from './postgres-pools.ts';
import { createRecordReader } from './record-store.ts';
import { RecordTables } from './record-tables.ts';
import { createScheduleStore } from './schedule-store.ts';
import { createSecretReader } from './secret-store.ts';
import { createSettingStore } from './setting-store.ts';
import { Turns } from './turns.ts';
import { createUnitStore } from './unit-store.ts';
import { createUserReader } from './user-store.ts';

/** Opens an install for looking at it, without its key. Rejects with STORE_UNAVAILABLE, STORE_URL_INVALID or STORE_NEWER. */
export async function openPostgresReader(url: string): Promise<StoreReader> {
  const pools = openPools(url);
  const { db, searches } = pools;
  try {
    const installId = await requireInstall(db);
    return {
      records: createRecordReader({ db, searches, tables: new RecordTables(db) }),
      journal: createJournalReader(db),
      schedules: createScheduleStore(db),
      documents: createDocumentStore(db),
      settings: createSettingStore(db),
      secrets: createSecretReader(db),
      identities: {
        ...createUserReader(db),
        ...createGroupReader(db),
        ...createUnitStore({ db, turns: new Turns() }),
      },
      installId,
      close: () => closePools(pools),
    };
  } catch (thrown) {
    await closePools(pools);
    throw thrown;
  }
}
