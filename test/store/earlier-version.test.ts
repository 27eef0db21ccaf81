import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { MIGRATIONS_FOLDER } from '../../src/store/sqlite/schema-version.ts';
import { openAt, temporaryFolder } from './sqlite-install.ts';

interface MigrationList {
  readonly entries: readonly { readonly tag: string; readonly when: number }[];
}

/** A user and a run that waits, in columns that every version has. */
const DATA = `INSERT INTO users (name, admin, active, access_key, created_at) VALUES ('anna', 1, 1, 'sealed', 5);
INSERT INTO settings (name, value) VALUES ('region', 'north');
INSERT INTO runs (workflow, revision, module, record_id, lane, pass_when_waiting, undecided, depth, initiator, status,
  wait_for, wait_reason, wait_since, wait_until, due_at, epoch, handled, progress, accepted_at, cancel_told)
VALUES ('send', 1, 'Products', '14x1', '14x1', 0, 0, 0, '19x1', 'running', 'time', 'tried again', 10, 20, 20, 3, 0, '{}', 5, 0);
INSERT INTO run_triggers (run, trigger) VALUES (1, '{"event":"create","record":{},"changed":[]}');`;

/** Two runs that wait for a person, one that failed, and two failures that were dealt with. */
const RUNS_IN_NEED = `INSERT INTO runs (id, workflow, revision, lane, pass_when_waiting, undecided, depth, initiator, status, wait_for,
  wait_reason, wait_since, epoch, handled, progress, failure, accepted_at, ended_at, cancel_told)
VALUES
  (2, 'send', 1, '', 0, 0, 0, '19x1', 'running', 'person', 'send: it is unknown whether the other side acted', 20, 1, 0,
    '{"cursor":"send"}', NULL, 5, NULL, 0),
  (3, 'send', 1, '', 0, 0, 0, '19x1', 'running', 'person', 'odd', 30, 1, 0, '{}', NULL, 5, NULL, 0),
  (4, 'send', 1, '', 0, 0, 0, '19x1', 'failed', NULL, NULL, NULL, 1, 0, '{}',
    '{"code":"CALL_STATUS","message":"answered 400","task":"send"}', 5, 40, 0),
  (5, 'send', 1, '', 0, 0, 0, '19x1', 'failed', NULL, NULL, NULL, 1, 1, '{}', '{"code":"X","message":"m"}', 5, 50, 0),
  (6, 'send', 1, '', 0, 0, 0, '19x1', 'canceled', NULL, NULL, NULL, 1, 0, '{}', '{"code":"X","message":"m"}', 5, 60, 0);
INSERT INTO steps (run, number, task, purpose, round, status, started_at, failure)
VALUES (2, 1, 'send', 'main', 1, 'waiting', 10, '{"code":"CALL_TIMEOUT","message":"too late"}');`;

/** Three revisions, in columns of the time before documents had an origin; `service a` has the text of `map a`. */
const HASHES = Object.fromEntries(
  ['<a/>', '<b/>', '<c/>'].map((text) => [text, createHash('sha256').update(text).digest('hex')]),
);
const REVISIONS = `INSERT INTO revisions (number, at, by) VALUES (1, 10, 'anna'), (2, 20, 'bert'), (3, 30, 'carl');
INSERT INTO blobs (hash, text) VALUES ${Object.entries(HASHES)
  .map(([text, hash]) => `('${hash}', '${text}')`)
  .join(', ')};
INSERT INTO revision_documents (revision, position, kind, name, file, text) VALUES
  (1, 0, 'map', 'a', 'a.xml', '${HASHES['<a/>']}'), (1, 1, 'map', 'b', 'b.xml', '${HASHES['<b/>']}'),
  (2, 0, 'map', 'a', 'moved.xml', '${HASHES['<a/>']}'), (2, 1, 'map', 'b', 'b.xml', '${HASHES['<c/>']}'),
  (3, 0, 'map', 'a', 'a.xml', '${HASHES['<a/>']}'), (3, 1, 'map', 'b', 'b.xml', '${HASHES['<c/>']}'),
  (3, 2, 'service', 'a', 's.xml', '${HASHES['<a/>']}');`;

async function migrationList(): Promise<MigrationList> {
  return JSON.parse(await readFile(join(MIGRATIONS_FOLDER, 'meta', '_journal.json'), 'utf8'));
}

/** The database of a version that had this many migrations, with data. */
async function openEarlier(t: TestContext, count: number): Promise<{ folder: string; db: Database.Database }> {
  const folder = await temporaryFolder();
  t.after(() => rm(folder, { recursive: true }));
  const migrations = join(folder, 'migrations');
  await cp(MIGRATIONS_FOLDER, migrations, { recursive: true });
  const list = await migrationList();
  const fewer = { ...list, entries: list.entries.slice(0, count) };
  await writeFile(join(migrations, 'meta', '_journal.json'), JSON.stringify(fewer));
  const db = new Database(join(folder, 'mapwright.db'));
  db.pragma('journal_mode = WAL');
  // What tells that it is a database of this program.
  db.pragma(`application_id = ${0x4d505752}`);
  migrate(drizzle(db), { migrationsFolder: migrations });
  db.exec(DATA);
  return { folder, db };
}

const { entries } = await migrationList();

describe('the database of an earlier version', () => {
  for (const [index, { tag }] of entries.entries()) {
    it(`keeps its data when it is opened: up to ${tag}`, async (t) => {
      const { folder, db } = await openEarlier(t, index + 1);
      db.close();
      const store = await openAt(folder);
      t.after(() => store.close());
      const users = await store.identities.users();
      assert.deepEqual(
        users.map(({ id, name, admin, createdAt }) => [id, name, admin, createdAt]),
        [['19x1', 'anna', true, 5]],
      );
      assert.deepEqual(await store.settings.all(), { region: 'north' });
      const [run] = await store.journal.runs({ limit: 5, waiting: true });
      assert.deepEqual([run?.id, run?.status, run?.wait?.for, run?.recordId], [1, 'running', 'time', '14x1']);
      assert.equal(await store.operations.nextDue(), undefined);
      assert.equal(await store.messages.take({ channel: 'a', key: 'k', at: 1 }), undefined);
    });
  }

  it('has in its inbox the runs that needed a person already', async (t) => {
    const { folder, db } = await openEarlier(
      t,
      entries.findIndex(({ tag }) => tag.endsWith('_inbox')),
    );
    db.exec(RUNS_IN_NEED);
    db.close();
    const store = await openAt(folder);
    t.after(() => store.close());
    const items = await store.inbox.items({ limit: 9 });
    assert.deepEqual(
      items.map(({ run, kind, state, code, task, message, inDoubt, since }) => [
        run,
        kind,
        state,
        code,
        task,
        message,
        inDoubt,
        since,
      ]),
      [
        [4, 'failed', 'open', 'CALL_STATUS', 'send', 'answered 400', false, 40],
        [3, 'waiting', 'open', 'RUN_NEEDS_PERSON', undefined, 'odd', false, 30],
        [2, 'waiting', 'open', 'CALL_TIMEOUT', 'send', 'send: it is unknown whether the other side acted', true, 20],
      ],
    );
  });

  it('knows how many of its runs had ended', async (t) => {
    const { folder, db } = await openEarlier(
      t,
      entries.findIndex(({ tag }) => tag.endsWith('_history_at_size')),
    );
    db.exec(RUNS_IN_NEED);
    db.close();
    const store = await openAt(folder);
    t.after(() => store.close());
    const ended = { completed: 0, failed: 2, canceled: 1, handled: 1 };
    assert.deepEqual({ ...(await store.journal.counts()) }, { pending: 0, running: 3, waiting: 3, ...ended });
  });

  it('tells since when each document has been as it is: of those stored before, by the first revision with that text', async (t) => {
    const { folder, db } = await openEarlier(
      t,
      entries.findIndex(({ tag }) => tag.endsWith('_document_origins')),
    );
    db.exec(REVISIONS);
    db.close();
    const store = await openAt(folder);
    t.after(() => store.close());
    const since = async (revision: number): Promise<unknown[]> =>
      (await store.documents.origins(revision)).map((one) => [one.kind, one.name, one.since, one.at, one.by]);
    assert.deepEqual(await since(3), [
      ['map', 'a', 1, 10, 'anna'],
      ['map', 'b', 2, 20, 'bert'],
      ['service', 'a', 3, 30, 'carl'],
    ]);
    const documents = (await store.documents.revision(3))?.documents ?? assert.fail('there is no revision 3');
    const changed = documents.map((one) => (one.name === 'b' ? { ...one, text: '<new/>' } : one));
    assert.equal(await store.documents.save({ documents: changed, by: 'dora', at: 40, basedOn: 3 }), 4);
    assert.deepEqual(await since(4), [
      ['map', 'a', 1, 10, 'anna'],
      ['map', 'b', 4, 40, 'dora'],
      ['service', 'a', 3, 30, 'carl'],
    ]);
  });

  it('stays as it was when it cannot be brought up to date', async (t) => {
    const { folder, db } = await openEarlier(t, 1);
    const stored = () => db.prepare('SELECT count(*) AS n FROM __drizzle_migrations').pluck().get();
    db.exec('CREATE TABLE queued_operations (x)');
    await assert.rejects(openAt(folder), { code: 'STORE_UNAVAILABLE' });
    assert.equal(stored(), 1);
    db.exec('DROP TABLE queued_operations');
    await (await openAt(folder)).close();
    assert.equal(stored(), entries.length);
    db.close();
  });
});
