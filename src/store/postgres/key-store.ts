import type { KeyStore, SealedRows } from '../../core/key-store.ts';
import {
  KEY_COLUMNS,
  type KeyRow,
  keyInUse,
  keyWithheld,
  makeNextKey,
  rereadKeys,
  retireKeys,
} from '../key/key-changes.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { type PlacedRow, type ResealedRow, longTextsOfRow, resealRow } from '../key/resealed-row.ts';
import {
  FORGET_TEXT,
  FORGET_TEXT_OF_ALL,
  type ReadRow,
  REMOVE_TEXT,
  TEXT_IS_NEEDED,
  nextRows,
  placedRow,
  replaceRow,
  summedRows,
} from '../key/sealed-rows.ts';
import { SEALED_PLACES, type SealedPlace, sealedPlace } from '../key/sealed-places.ts';
import { writeBlobs } from './blob-store.ts';
import type { PostgresDatabase, Session, SqlParameter } from './database.ts';
import { numbered } from './postgres-dialect.ts';

/** Rows written at once: the other connections are for those who wait. */
const WRITTEN_AT_ONCE = 2;

/** Has the ring seal under the key that the install's database names. */
export async function followKey(session: Session, ring: KeyRing): Promise<void> {
  const [first] = await session.all<{ sealed: string }>(
    'SELECT access_key AS sealed FROM users ORDER BY number LIMIT 1',
  );
  await session.run('UPDATE install SET sealing_key = $1 WHERE sealing_key IS NULL', [keyInUse(ring, first?.sealed)]);
  const { inForce } = await readKeyRow(session);
  if (inForce !== null) ring.follow(inForce);
}

/** The keys of an install on PostgreSQL; each node has its own copy of them. */
export function createKeyStore(db: PostgresDatabase, ring: KeyRing): KeyStore {
  const state = async (): Promise<{ readonly inForce: string; readonly rotatingSince: number | undefined }> => {
    const { inForce, rotatingSince } = await readKeyRow(db);
    return { inForce: inForce ?? ring.currentId, rotatingSince: rotatingSince ?? undefined };
  };
  return {
    places: SEALED_PLACES.map(({ name }) => name),
    state: async () => ({ ...(await state()), given: ring.ids, source: ring.source }),
    async refresh() {
      await rereadKeys(ring);
      ring.follow((await state()).inForce);
    },
    async requireFit() {
      const { inForce, rotatingSince } = await state();
      if (ring.has(inForce)) return;
      if (rotatingSince !== undefined) throw keyWithheld(ring, inForce);
      await db.run('UPDATE install SET sealing_key = $1 WHERE sealing_key = $2', [ring.currentId, inForce]);
    },
    makeNext: async () => makeNextKey(ring, (await state()).inForce),
    hold: async ({ holder, now, leaseMs }) =>
      (await db.run(
        `UPDATE install SET rotation_holder = $1, rotation_until = $2
         WHERE rotation_holder IS NULL OR rotation_holder = $1 OR rotation_until <= $3`,
        [holder, now + leaseMs, now],
      )) > 0,
    letGo: async (holder) =>
      void (await db.run('UPDATE install SET rotation_holder = NULL WHERE rotation_holder = $1', [holder])),
    async goOverTo({ key, at }) {
      await db.run('UPDATE install SET sealing_key = $1, rotating_since = $2', [key, at]);
      ring.follow(key);
    },
    walk: ({ place, after, change }) => walkRows(db, ring, { place: sealedPlace(place), after, isChanging: change }),
    async finish() {
      const { inForce } = await state();
      await db.run('UPDATE install SET rotating_since = NULL');
      return retireKeys(ring, inForce);
    },
  };
}

async function readKeyRow(session: Session): Promise<KeyRow> {
  const [row] = await session.all<KeyRow>(`SELECT ${KEY_COLUMNS} FROM install`);
  return row ?? { inForce: null, rotatingSince: null };
}

interface Walk {
  readonly place: SealedPlace;
  readonly after: Parameters<KeyStore['walk']>[0]['after'];
  readonly isChanging: boolean;
}

async function walkRows(db: PostgresDatabase, ring: KeyRing, { place, after, isChanging }: Walk): Promise<SealedRows> {
  const { sql, values } = nextRows(place, after);
  const read = (await db.all<ReadRow>(numbered(sql), [...values])).map((row) => placedRow(place, row));
  const texts = await textsOf(
    db,
    read.flatMap((row) => longTextsOfRow(place, row)),
  );
  const textOf = (hash: string): string | undefined => texts.get(hash);
  const looked = read.flatMap((row) =>
    row.text === null ? [] : [resealRow(ring, place, { ...row, text: row.text, textOf })],
  );
  if (place.form === 'long-texts') return summedTexts(db, { place, read, looked, isChanging });
  const left = isChanging ? await writeRows(db, place, looked) : 0;
  return summedRows(place, read, { found: looked, left });
}

/** Those that are there: a text may go while it is asked for. */
async function textsOf(session: Session, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await session.all<{ hash: string; text: string }>(
    'SELECT hash, text FROM blobs WHERE hash = ANY($1) AND escaped = 0',
    [hashes],
  );
  return new Map(rows.map(({ hash, text }) => [hash, text]));
}

/** Gives how many values are left as they were, because others have changed their rows. */
async function writeRows(db: PostgresDatabase, place: SealedPlace, rows: readonly ResealedRow[]): Promise<number> {
  const changed = rows.filter(({ after }) => after !== undefined);
  let left = 0;
  for (let at = 0; at < changed.length; at += WRITTEN_AT_ONCE) {
    const some = changed.slice(at, at + WRITTEN_AT_ONCE);
    const written = await Promise.all(some.map((row) => writeRow(db, place, row)));
    left += some.reduce((sum, { outdated }, index) => (written[index] === true ? sum : sum + outdated), 0);
  }
  return left;
}

/** Each row alone: one that waits for a run's commit keeps no other. */
async function writeRow(db: PostgresDatabase, place: SealedPlace, row: ResealedRow): Promise<boolean> {
  const { key, before, after, newTexts, oldTexts } = row;
  const values: SqlParameter[] = [after ?? before, ...key, before];
  const sql = numbered(replaceRow(place));
  if (newTexts.size === 0) return (await db.run(sql, values)) > 0;
  const run = key[0] ?? 0;
  return db.transaction(async (session) => {
    if ((await session.run(sql, values)) === 0) return false;
    await writeBlobs(session, newTexts);
    for (const hash of newTexts.keys()) {
      await session.run('INSERT INTO run_texts (run, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING', [run, hash]);
    }
    for (const hash of oldTexts) {
      await session.run(numbered(FORGET_TEXT), [run, hash]);
      await removeText(session, hash);
    }
    return true;
  });
}

/** Whoever stores a text again has locked its row, and says in the same transaction for which run. */
async function removeText(session: Session, hash: string): Promise<void> {
  await session.run('SELECT 1 FROM blobs WHERE hash = $1 FOR UPDATE', [hash]);
  await session.run(numbered(REMOVE_TEXT), [hash]);
}

interface LookedTexts {
  readonly place: SealedPlace;
  readonly read: readonly PlacedRow[];
  readonly looked: readonly ResealedRow[];
  readonly isChanging: boolean;
}

/** Long texts that a context refers to are sealed anew with it; nobody reads the others any more. */
async function summedTexts(
  db: PostgresDatabase,
  { place, read, looked, isChanging }: LookedTexts,
): Promise<SealedRows> {
  const unneeded: ResealedRow[] = [];
  for (const row of looked) {
    const hash = String(row.key[0]);
    const isUnneeded = await db.transaction(async (session) => {
      await session.run('SELECT 1 FROM blobs WHERE hash = $1 FOR UPDATE', [hash]);
      if ((await session.all(numbered(TEXT_IS_NEEDED), [hash, hash])).length > 0) return false;
      if (!isChanging || row.after === undefined) return true;
      await session.run(numbered(FORGET_TEXT_OF_ALL), [hash]);
      await session.run(numbered(REMOVE_TEXT), [hash]);
      return true;
    });
    if (isUnneeded) unneeded.push(row);
  }
  return summedRows(place, read, { found: unneeded, left: 0 });
}
