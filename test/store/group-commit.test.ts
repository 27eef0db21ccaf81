import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { logFile, openForReading, openForWriting } from '../../src/store/sqlite/database.ts';
import { GroupCommit, Undo } from '../../src/store/sqlite/group-commit.ts';
import { type LogFlusher, startLogFlusher } from '../../src/store/sqlite/log-flusher.ts';
import { temporaryFolder } from './sqlite-install.ts';

describe('group commit', () => {
  it('undoes a failing unit alone', async (context) => {
    const { commits, insert, stored } = await opened(context);
    const units = Array.from({ length: 1000 }, (_, index) =>
      commits.write(() => {
        insert(index);
        if (index === 500) throw new Error('poison');
        return index;
      }),
    );
    const results = await Promise.allSettled(units);
    assert.deepEqual(
      results.flatMap((result, index) => (result.status === 'rejected' ? [[index, result.reason.code]] : [])),
      [[500, 'STORE_UNAVAILABLE']],
    );
    assert.deepEqual(stored(), { count: 999, poisoned: 0 });
  });

  it('undoes a unit that gives an answer instead', async (context) => {
    const { commits, insert, stored } = await opened(context);
    const undone = commits.write<string>(() => {
      insert(500);
      return new Undo('refused');
    });
    const kept = commits.write(() => insert(1));
    assert.equal(await undone, 'refused');
    await kept;
    assert.deepEqual(stored(), { count: 1, poisoned: 0 });
  });

  it('resolves no promise before the commit', async (context) => {
    const { commits, insert, stored } = await opened(context);
    const seen: number[] = [];
    await Promise.all([1, 2, 3].map((n) => commits.write(() => insert(n)).then(() => seen.push(stored().count))));
    // A slow machine may put them into several transactions: none is told before its own.
    assert.ok(
      seen.every((count, index) => count > index),
      `told at ${seen.join()}`,
    );
  });

  it('rejects all units of a batch whose commit fails, and goes on with the next', async (context) => {
    const { commits, insert, stored, insertOrphan } = await opened(context);
    const results = await Promise.allSettled([commits.write(() => insert(1)), commits.write(insertOrphan)]);
    const reasons = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'kept'));
    assert.deepEqual(reasons, ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE']);
    assert.equal(stored().count, 0);
    await commits.write(() => insert(2));
    assert.equal(stored().count, 1);
  });

  it('commits what was asked for before it closes, and nothing after', async (context) => {
    const { commits, insert, stored } = await opened(context);
    const units = Array.from({ length: 600 }, (_, index) => commits.write(() => insert(index)));
    const closed = commits.close();
    await Promise.all(units);
    await closed;
    assert.equal(stored().count, 600);
    await assert.rejects(
      commits.write(() => insert(1)),
      { code: 'STORE_UNAVAILABLE' },
    );
  });
});

describe('group commit with a flusher', () => {
  it('starts it when there are many commits, and tells nobody before its flush', async (context) => {
    const flushes: PromiseWithResolvers<void>[] = [];
    const { commits, insert, stored } = await opened(context, () => flusherOf(flushes));
    for (let n = 0; n < 100; n++) await commits.write(() => insert(n));
    assert.equal(flushes.length, 0);
    const told: string[] = [];
    const first = commits.write(() => insert(1_000)).then(() => told.push('first'));
    await until(() => flushes.length === 1);
    const second = commits.write(() => insert(1_001)).then(() => told.push('second'));
    const claim = commits.write(() => insert(1_002), 'system').then(() => told.push('claim'));
    await claim;
    assert.equal(stored().count, 103, 'committed while the first flush is under way');
    assert.deepEqual(told, ['claim']);
    flushes[0]?.resolve();
    await first;
    await until(() => flushes.length === 2);
    assert.deepEqual(told, ['claim', 'first']);
    flushes[1]?.resolve();
    await second;
    await commits.close();
  });

  it('refuses everything once the disk has refused a flush', async (context) => {
    const flushes: PromiseWithResolvers<void>[] = [];
    const { commits, insert } = await opened(context, () => flusherOf(flushes));
    for (let n = 0; n < 100; n++) await commits.write(() => insert(n));
    const units = [commits.write(() => insert(1_000))];
    await until(() => flushes.length === 1);
    units.push(commits.write(() => insert(1_001)));
    flushes[0]?.reject(new Error('input/output error'));
    for (const unit of units) await assert.rejects(unit, { code: 'STORE_UNAVAILABLE' });
    await assert.rejects(
      commits.write(() => insert(1_002)),
      { code: 'STORE_UNAVAILABLE' },
    );
    await commits.close();
  });

  it('waits for the flush under way before it closes', async (context) => {
    const flushes: PromiseWithResolvers<void>[] = [];
    const { commits, insert } = await opened(context, () => flusherOf(flushes));
    for (let n = 0; n < 100; n++) await commits.write(() => insert(n));
    const unit = commits.write(() => insert(1_000));
    let isClosed = false;
    const closed = commits.close().then(() => (isClosed = true));
    await until(() => flushes.length === 1);
    assert.equal(isClosed, false);
    flushes[0]?.resolve();
    await Promise.all([unit, closed]);
  });

  it('confirms what can be read only when it is on disk, and never once the disk has refused it', async (context) => {
    const flushes: PromiseWithResolvers<void>[] = [];
    const { commits, insert, stored } = await opened(context, () => flusherOf(flushes));
    for (let n = 0; n < 100; n++) await commits.write(() => insert(n));
    await commits.confirmed();
    const told: string[] = [];
    const unit = commits.write(() => insert(1_000)).then(() => told.push('unit'));
    await until(() => flushes.length === 1);
    assert.equal(stored().count, 101, 'read before it is on disk');
    const confirmed = commits.confirmed().then(() => told.push('confirmed'));
    flushes[0]?.resolve();
    await until(() => flushes.length === 2);
    assert.deepEqual(told, ['unit']);
    flushes[1]?.resolve();
    await Promise.all([unit, confirmed]);
    assert.deepEqual(told, ['unit', 'confirmed']);
    const lost = commits.write(() => insert(1_001));
    await until(() => flushes.length === 3);
    flushes[2]?.reject(new Error('input/output error'));
    await assert.rejects(lost, { code: 'STORE_UNAVAILABLE' });
    assert.equal(stored().count, 102, 'readable, and nobody knows whether it is on disk');
    await assert.rejects(commits.confirmed(), { code: 'STORE_UNAVAILABLE' });
    await commits.close();
  });

  it('flushes a real log on a thread of its own', async (context) => {
    const folder = await temporaryFolder();
    const db = openForWriting(folder);
    const flusher = startLogFlusher(logFile(folder));
    context.after(async () => {
      await flusher.close();
      db.close();
      await rm(folder, { recursive: true });
    });
    db.exec('CREATE TABLE kept (n INTEGER)');
    await flusher.flush();
    await flusher.flush();
  });

  it('tells when there is no log to flush', async () => {
    const flusher = startLogFlusher(join(tmpdir(), 'no-such-folder', 'mapwright.db-wal'));
    await assert.rejects(flusher.flush());
    await assert.rejects(flusher.flush());
    await flusher.close();
  });
});

/** A disk that takes as long as the test likes. */
function flusherOf(flushes: PromiseWithResolvers<void>[]): LogFlusher {
  return {
    flush() {
      const flush = Promise.withResolvers<void>();
      flushes.push(flush);
      return flush.promise;
    },
    close: () => Promise.resolve(),
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

async function opened(context: TestContext, startFlusher?: () => LogFlusher) {
  const folder = await temporaryFolder();
  const db = openForWriting(folder);
  db.exec(`CREATE TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TABLE number (n INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)`);
  const reader = openForReading(folder);
  const insertNumber = db.prepare<[number, number | null]>('INSERT INTO number (n, parent) VALUES (?, ?)');
  const select = reader.prepare<[], { count: number; poisoned: number }>(
    'SELECT count(*) AS count, count(*) FILTER (WHERE n = 500) AS poisoned FROM number',
  );
  context.after(async () => {
    reader.close();
    db.close();
    await rm(folder, { recursive: true });
  });
  return {
    commits: new GroupCommit(db, startFlusher),
    insert: (n: number) => void insertNumber.run(n, null),
    insertOrphan: () => void insertNumber.run(999, 77),
    stored: () => select.get() ?? assert.fail(),
  };
}
