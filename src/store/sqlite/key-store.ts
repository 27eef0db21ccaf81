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
import { type PlacedRow, type ResealedRow, resealRow } from '../key/resealed-row.ts';
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
import type { SqliteDatabase } from './database.ts';
import type { GroupCommit } from './group-commit.ts';

/** Has the ring seal under the key that the install's database names. */
export function followKey(db: SqliteDatabase, ring: KeyRing): void {
  const first = db
    .prepare<[], { sealed: string }>('SELECT access_key AS sealed FROM users ORDER BY number LIMIT 1')
    .get();
  db.prepare<[string]>('UPDATE install SET sealing_key = ? WHERE sealing_key IS NULL').run(
    keyInUse(ring, first?.sealed),
  );
  // Whoever carried a rotation out is gone: this process has the install to itself.
  db.prepare('UPDATE install SET rotation_holder = NULL WHERE rotation_holder IS NOT NULL').run();
  const stored = readKeyRow(db).inForce;
  if (stored !== null) ring.follow(stored);
}

/** The keys of an install on SQLite, which one process has to itself. */
export function createKeyStore(db: SqliteDatabase, commits: GroupCommit, ring: KeyRing): KeyStore {
  const state = (): { readonly inForce: string; readonly rotatingSince: number | undefined } => {
    const { inForce, rotatingSince } = readKeyRow(db);
    return { inForce: inForce ?? ring.currentId, rotatingSince: rotatingSince ?? undefined };
  };
  const change = (sql: string, values: readonly (string | number)[]): Promise<number> =>
    commits.write(() => db.prepare(sql).run(...values).changes);
  return {
    places: SEALED_PLACES.map(({ name }) => name),
    state: async () => ({ ...state(), given: ring.ids, source: ring.source }),
    refresh: () => rereadKeys(ring),
    async requireFit() {
      const { inForce, rotatingSince } = state();
      if (ring.has(inForce)) return;
      if (rotatingSince !== undefined) throw keyWithheld(ring, inForce);
      await change('UPDATE install SET sealing_key = ?', [ring.currentId]);
    },
    makeNext: () => makeNextKey(ring, state().inForce),
    hold: async ({ holder, now, leaseMs }) =>
      (await change(
        `UPDATE install SET rotation_holder = ?, rotation_until = ?
         WHERE rotation_holder IS NULL OR rotation_holder = ? OR rotation_until <= ?`,
        [holder, now + leaseMs, holder, now],
      )) > 0,
    letGo: async (holder) =>
      void (await change('UPDATE install SET rotation_holder = NULL WHERE rotation_holder = ?', [holder])),
    async goOverTo({ key, at }) {
      await change('UPDATE install SET sealing_key = ?, rotating_since = ?', [key, at]);
      ring.follow(key);
    },
    walk: ({ place: name, after, change: isChanging }) => {
      const place = sealedPlace(name);
      const walk = (): SealedRows => walkRows(db, ring, { place, after, isChanging });
      return isChanging ? commits.write(walk) : Promise.resolve().then(walk);
    },
    async finish() {
      const { inForce } = state();
      await change('UPDATE install SET rotating_since = NULL', []);
      return retireKeys(ring, inForce);
    },
  };
}

function readKeyRow(db: SqliteDatabase): KeyRow {
  return db.prepare<[], KeyRow>(`SELECT ${KEY_COLUMNS} FROM install`).get() ?? { inForce: null, rotatingSince: null };
}

/**
 * The ids of keys that are not given and under which something is sealed. Looked for only where a change of the key was
 * under way: it costs a look at everything.
 */
export function withheldKeys(db: SqliteDatabase, ring: KeyRing): readonly string[] {
  if (readKeyRow(db).rotatingSince === null) return [];
  const found = new Set<string>();
  for (const place of SEALED_PLACES) {
    let after: Walk['after'];
    do {
      const { next, unknown } = walkRows(db, ring, { place, after, isChanging: false });
      for (const id of Object.keys(unknown)) found.add(id);
      after = next;
    } while (after !== undefined);
  }
  return [...found];
}

interface Walk {
  readonly place: SealedPlace;
  readonly after: Parameters<KeyStore['walk']>[0]['after'];
  readonly isChanging: boolean;
}

/** With changes it belongs inside a unit of the group commit. */
function walkRows(db: SqliteDatabase, ring: KeyRing, { place, after, isChanging }: Walk): SealedRows {
  const { sql, values } = nextRows(place, after);
  const read = db
    .prepare<unknown[], ReadRow>(sql)
    .all(...values)
    .map((row) => placedRow(place, row));
  const textOf = (hash: string): string | undefined =>
    db.prepare<[string], { text: string }>('SELECT text FROM blobs WHERE hash = ?').get(hash)?.text;
  const looked = read.flatMap((row) =>
    row.text === null ? [] : [resealRow(ring, place, { ...row, text: row.text, textOf })],
  );
  if (place.form === 'long-texts') return summedTexts(db, { place, read, looked, isChanging });
  if (isChanging) for (const row of looked) writeRow(db, place, row);
  return summedRows(place, read, { found: looked, left: 0 });
}

function writeRow(
  db: SqliteDatabase,
  place: SealedPlace,
  { key, before, after, newTexts, oldTexts }: ResealedRow,
): void {
  if (after === undefined) return;
  const [run] = key;
  for (const [hash, text] of newTexts) {
    db.prepare('INSERT INTO blobs (hash, text) VALUES (?, ?) ON CONFLICT DO NOTHING').run(hash, text);
    db.prepare('INSERT INTO run_texts (run, hash) VALUES (?, ?) ON CONFLICT DO NOTHING').run(run, hash);
  }
  db.prepare<unknown[]>(replaceRow(place)).run(after, ...key, before);
  for (const hash of oldTexts) {
    db.prepare(FORGET_TEXT).run(run, hash);
    db.prepare(REMOVE_TEXT).run(hash);
  }
}

interface LookedTexts {
  readonly place: SealedPlace;
  readonly read: readonly PlacedRow[];
  readonly looked: readonly ResealedRow[];
  readonly isChanging: boolean;
}

/** Long texts that a context refers to are sealed anew with it; nobody reads the others any more. */
function summedTexts(db: SqliteDatabase, { place, read, looked, isChanging }: LookedTexts): SealedRows {
  const isNeeded = db.prepare<[string, string]>(TEXT_IS_NEEDED);
  const unneeded = looked.filter(({ key: [hash] }) => isNeeded.get(String(hash), String(hash)) === undefined);
  for (const { key, after } of isChanging ? unneeded : []) {
    if (after === undefined) continue;
    db.prepare(FORGET_TEXT_OF_ALL).run(key[0]);
    db.prepare(REMOVE_TEXT).run(key[0]);
  }
  return summedRows(place, read, { found: unneeded, left: 0 });
}
