import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { openForReading, openForWriting } from '../../src/store/sqlite/database.ts';
import { GroupCommit, Undo } from '../../src/store/sqlite/group-commit.ts';
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
    assert.ok(seen.every((count, index) => count > index), `told at ${seen.join()}`);
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

async function opened(context: TestContext) {
  const folder = await temporaryFolder();
  const db = await openForWriting(folder);
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
    commits: new GroupCommit(db),
    insert: (n: number) => void insertNumber.run(n, null),
    insertOrphan: () => void insertNumber.run(999, 77),
    stored: () => select.get() ?? assert.fail(),
  };
}
