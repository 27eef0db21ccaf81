import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { DatabaseError } from 'pg';
import { MapwrightError } from '../../src/core/error.ts';
import { CommitBatches } from '../../src/store/postgres/commit-batches.ts';
import type { BatchUnit } from '../../src/store/postgres/commit-batches.ts';
import { storeFailure, TransactionCollision, uncommitted } from '../../src/store/postgres/postgres-failure.ts';

interface Unit extends BatchUnit {
  readonly name: string;
}

/** A transaction that the test ends. */
interface Transaction {
  readonly names: readonly string[];
  commit(): void;
  fail(error: Error): void;
}

function unit(name: string, params: Partial<Unit> = {}): Unit {
  return { name, exclusive: [name], locks: [], size: 1, refusable: true, ...params };
}

/** Batches whose transactions end when the test says so; each unit is answered with its name. */
function controlled() {
  const begun: Transaction[] = [];
  const batches = new CommitBatches<Unit, string>(async (units) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    begun.push({ names: units.map(({ name }) => name), commit: resolve, fail: reject });
    await promise;
    return units.map(({ name }) => name);
  });
  return { batches, begun };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

describe('forming batches', () => {
  it('puts what one turn asks for together, and what comes meanwhile into the next', async () => {
    const { batches, begun } = controlled();
    const first = [batches.add(unit('a')), batches.add(unit('b'))];
    await until(() => begun.length === 1);
    const second = [batches.add(unit('c')), batches.add(unit('d'))];
    await turn();
    assert.deepEqual(
      begun.map(({ names }) => names),
      [['a', 'b']],
    );
    begun[0]?.commit();
    assert.deepEqual(await Promise.all(first), ['a', 'b']);
    await until(() => begun.length === 2);
    assert.deepEqual(begun[1]?.names, ['c', 'd']);
    begun[1]?.commit();
    await Promise.all(second);
  });

  it('keeps units that touch the same apart, and in their order', async () => {
    const { batches, begun } = controlled();
    const touches = (name: string, ...exclusive: string[]) => batches.add(unit(name, { exclusive }));
    const all = [touches('a', 'x'), touches('b', 'x', 'y'), touches('c', 'y'), touches('d', 'z')];
    await until(() => begun.length === 1);
    assert.deepEqual(begun[0]?.names, ['a', 'd'], 'c must not overtake b');
    begun[0]?.commit();
    await until(() => begun.length === 2);
    assert.deepEqual(begun[1]?.names, ['b']);
    begun[1]?.commit();
    await until(() => begun.length === 3);
    assert.deepEqual(begun[2]?.names, ['c']);
    begun[2]?.commit();
    assert.deepEqual(await Promise.all(all), ['a', 'b', 'c', 'd']);
  });

  it('opens a second transaction for many units, none of which touches what the first does', async () => {
    const { batches, begun } = controlled();
    const first = batches.add(unit('a'));
    await until(() => begun.length === 1);
    const others = Array.from({ length: 80 }, (_, n) =>
      batches.add(unit(`${n}`, { exclusive: [n === 0 ? 'a' : `${n}`] })),
    );
    await until(() => begun.length === 2);
    assert.equal(begun[1]?.names.length, 79);
    assert.ok(!begun[1]?.names.includes('0'));
    begun[0]?.commit();
    begun[1]?.commit();
    await until(() => begun.length === 3);
    assert.deepEqual(begun[2]?.names, ['0']);
    begun[2]?.commit();
    await Promise.all([first, ...others]);
  });

  it('takes no more at once than a transaction should hold', async () => {
    const { batches, begun } = controlled();
    const all = Array.from({ length: 300 }, (_, n) => batches.add(unit(`${n}`, { locks: [`l${n}`] })));
    for (let seen = 0, index = 0; seen < 300; index++) {
      await until(() => begun.length > index);
      const size = begun[index]?.names.length ?? 0;
      assert.ok(size > 0 && size <= 128);
      seen += size;
      begun[index]?.commit();
    }
    await Promise.all(all);
  });

  it('sends no more at once than memory has room for, and what is greater by itself', async () => {
    const { batches, begun } = controlled();
    const mebibyte = 1024 * 1024;
    const sizes = [40, 7, 8, 9, 1].map((count) => count * mebibyte);
    const all = sizes.map((size, n) => batches.add(unit(`${n}`, { size })));
    for (let index = 0; index < 3; index++) {
      await until(() => begun.length > index);
      begun[index]?.commit();
    }
    await Promise.all(all);
    assert.deepEqual(
      begun.map(({ names }) => names),
      [['0'], ['1', '2', '4'], ['3']],
    );
  });

  it('refuses new work when too much is waiting, but never the commits of runs', async () => {
    const gate = Promise.withResolvers<void>();
    const batches = new CommitBatches<Unit, string>(async (units) => {
      await gate.promise;
      return units.map(({ name }) => name);
    });
    const waiting = Array.from({ length: 20_000 }, (_, n) => batches.add(unit(`${n}`)));
    await assert.rejects(batches.add(unit('one more')), { code: 'STORE_UNAVAILABLE', retryable: true });
    const own = batches.add(unit('of a run', { refusable: false }));
    gate.resolve();
    assert.equal(await own, 'of a run');
    await Promise.all(waiting);
    assert.equal(await batches.add(unit('later')), 'later');
  });

  it('commits what was asked for before it closes, and nothing after', async () => {
    const { batches, begun } = controlled();
    const asked = [batches.add(unit('a', { exclusive: ['x'] })), batches.add(unit('b', { exclusive: ['x'] }))];
    const closed = batches.close();
    await assert.rejects(batches.add(unit('c')), { code: 'STORE_UNAVAILABLE' });
    begun[0]?.commit();
    await until(() => begun.length === 2);
    begun[1]?.commit();
    assert.deepEqual(await Promise.all(asked), ['a', 'b']);
    await closed;
  });
});

/** Batches in which the work fails as told, by the names of the units and how often it was tried. */
function failing(
  failure: (names: readonly string[], tries: number) => Error | undefined,
  options = { isCommitting: false },
) {
  const tried: string[][] = [];
  const batches = new CommitBatches<Unit, string>(async (units, committing) => {
    const names = units.map(({ name }) => name);
    tried.push(names);
    if (options.isCommitting) committing();
    const error = failure(names, tried.length);
    if (error !== undefined) throw error;
    return names;
  });
  return { tried, results: (...names: string[]) => Promise.allSettled(names.map((name) => batches.add(unit(name)))) };
}

function codes(results: readonly PromiseSettledResult<string>[]): string[] {
  return results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code));
}

describe('batches that fail', () => {
  const collision = () => new TransactionCollision(new Error('deadlock detected'));
  const serverError = (code: string) => Object.assign(new DatabaseError('no', 1, 'error'), { code });

  it('reject the unit that is to blame alone', async () => {
    const { results } = failing((names) => (names.includes('poison') ? storeFailure(serverError('22021')) : undefined));
    assert.deepEqual(codes(await results('a', 'b', 'poison', 'c')), ['a', 'b', 'STORE_UNIT_INVALID', 'c']);
  });

  it('are carried out again when others were in the way', async () => {
    const { results } = failing((_, tries) => (tries <= 3 ? collision() : undefined));
    assert.deepEqual(codes(await results('a', 'b')), ['a', 'b']);
  });

  it('are divided when the server has no room for their locks', async () => {
    const { results } = failing((names) => (names.length > 1 ? storeFailure(serverError('53200')) : undefined));
    assert.deepEqual(codes(await results('a', 'b', 'c')), ['a', 'b', 'c']);
  });

  it('are carried out once more on another connection when theirs broke', async () => {
    const { results, tried } = failing((_, tries) => (tries === 1 ? storeFailure(new Error('reset')) : undefined));
    assert.deepEqual(codes(await results('a', 'b')), ['a', 'b']);
    assert.deepEqual(tried, [
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('are told, and not repeated, when nobody knows whether they were committed', async () => {
    const { results, tried } = failing(() => uncommitted(new Error('reset')), { isCommitting: true });
    assert.deepEqual(codes(await results('a', 'b')), ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE']);
    assert.equal(tried.length, 1);
  });

  it('give up in the end', async () => {
    const { results } = failing(() => collision());
    assert.deepEqual(codes(await results('a')), ['STORE_UNAVAILABLE']);
    const unknown = failing(() => new MapwrightError('STORE_UNAVAILABLE', 'disk full'));
    assert.deepEqual(codes(await unknown.results('a', 'b')), ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE']);
    assert.equal(unknown.tried.length, 1);
  });
});
