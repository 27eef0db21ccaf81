import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { PostgresDatabase } from '../../src/store/postgres/database.ts';
import type { Session } from '../../src/store/postgres/database.ts';
import { TransactionCollision } from '../../src/store/postgres/postgres-failure.ts';
import { giveBack, newDatabase, statement } from './postgres-cluster.ts';

async function open(t: TestContext): Promise<{ readonly db: PostgresDatabase; readonly url: string }> {
  const url = await newDatabase();
  const db = new PostgresDatabase({ url });
  t.after(async () => {
    await db.close();
    await giveBack(url);
  });
  return { db, url };
}

const set = (session: Session, name: string, value = 'x') =>
  session.run('INSERT INTO settings (name, value) VALUES ($1, $2)', [name, value]);
const names = async (session: Session) =>
  (await session.all<{ name: string }>('SELECT name FROM settings ORDER BY name')).map(({ name }) => name);

describe('a PostgreSQL database', () => {
  it('gives numbers as numbers, and takes lists', async (t) => {
    const { db } = await open(t);
    const rows = await db.all(
      `SELECT 9007199254740991 AS big, 0.1::numeric AS exact, 1.5e300::float8 AS real, $1::bigint[] AS numbers,
         $2::text[] AS texts, $3::bytea AS bytes, ARRAY[0.5, NULL]::numeric[] AS exacts`,
      [[1, null, -3], ['a"b\\', null, '{},'], Buffer.from([0, 255])],
    );
    const wanted = {
      big: Number.MAX_SAFE_INTEGER,
      exact: 0.1,
      real: 1.5e300,
      numbers: [1, null, -3],
      texts: ['a"b\\', null, '{},'],
      bytes: Buffer.from([0, 255]),
      exacts: [0.5, null],
    };
    assert.deepEqual(rows, [wanted]);
  });

  it('prepares what is said often, and nothing else', async (t) => {
    const url = await newDatabase();
    const db = new PostgresDatabase({ url, connections: 1 });
    t.after(() => giveBack(url));
    for (let time = 0; time < 5; time++) await db.all('SELECT $1::bigint AS often', [time]);
    await db.all('SELECT 1 AS seldom');
    const prepared = await db.all<{ statement: string }>('SELECT statement FROM pg_prepared_statements');
    assert.deepEqual(prepared, [{ statement: 'SELECT $1::bigint AS often' }]);
    await db.close();
  });

  it('commits the whole transaction or nothing', async (t) => {
    const { db } = await open(t);
    const reason = new Error('changed my mind');
    await assert.rejects(
      db.transaction(async (session) => {
        await set(session, 'a');
        throw reason;
      }),
      reason,
    );
    await db.transaction(async (session) => void (await Promise.all([set(session, 'b'), set(session, 'c')])));
    assert.deepEqual(await names(db), ['b', 'c']);
  });

  it('does not take a transaction for committed in which a statement failed', async (t) => {
    const { db } = await open(t);
    const work = async (session: Session) => {
      await set(session, 'a');
      await set(session, 'a').catch(() => undefined);
    };
    await assert.rejects(db.transaction(work), { code: 'STORE_UNAVAILABLE' });
    assert.deepEqual(await names(db), []);
  });

  it('refuses statements of a transaction that is over', async (t) => {
    const { db } = await open(t);
    let kept: Session | undefined;
    await db.transaction(async (session) => void (kept = session));
    await assert.rejects(set(kept ?? assert.fail(), 'late'), { code: 'STORE_UNAVAILABLE' });
    assert.deepEqual(await names(db), []);
  });

  it('tells what was refused from what failed', async (t) => {
    const { db } = await open(t);
    await set(db, 'a');
    await assert.rejects(set(db, 'a'), { code: 'STORE_UNIT_INVALID' });
    await assert.rejects(set(db, 'a\u0000'), { code: 'STORE_UNIT_INVALID' });
    await assert.rejects(set(db, Array.from({ length: 9000 }, (_, n) => String(n * 7919)).join()), {
      code: 'STORE_UNIT_INVALID',
    });
    await assert.rejects(db.all('SELECT 1 FROM missing'), { code: 'STORE_UNAVAILABLE', retryable: false });
    const slow = new PostgresDatabase({ url: (await open(t)).url, statementTimeoutMs: 20 });
    await assert.rejects(slow.all('SELECT pg_sleep(60)'), { code: 'STORE_UNAVAILABLE', retryable: true });
    await slow.close();
  });

  it('marks what two transactions did to each other, to be done again', async (t) => {
    const { db } = await open(t);
    for (const name of ['a', 'b']) await set(db, name);
    const lock = (session: Session, name: string) =>
      session.run('SELECT 1 FROM settings WHERE name = $1 FOR UPDATE', [name]);
    const locked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const crossing = (index: 0 | 1, first: string, second: string) =>
      db.transaction(async (session) => {
        await lock(session, first);
        locked[index].resolve();
        await locked[1 - index]?.promise;
        await lock(session, second);
      });
    const ended = await Promise.allSettled([crossing(0, 'a', 'b'), crossing(1, 'b', 'a')]);
    const failed = ended.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    assert.equal(failed.length, 1);
    assert.ok(failed[0] instanceof TransactionCollision);
  });

  it('goes on after the server ended its connections', async (t) => {
    const { db, url } = await open(t);
    await set(db, 'a');
    const ended = db.transaction(async (session) => {
      await set(session, 'b');
      await statement(
        url,
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      await set(session, 'c');
    });
    await assert.rejects(ended, { code: 'STORE_UNAVAILABLE', retryable: true });
    assert.deepEqual(await names(db), ['a']);
  });

  it('says that it cannot be reached, and never its password', async () => {
    for (const url of ['mysql://me:geheim@localhost/x', 'localhost', 'postgres://me:geheim@localhost', '']) {
      assert.throws(
        () => new PostgresDatabase({ url }),
        (thrown: Error) =>
          'code' in thrown && thrown.code === 'STORE_URL_INVALID' && !thrown.message.includes('geheim'),
      );
    }
    const url = await newDatabase();
    const nobody = new URL(url);
    nobody.port = '1';
    const stranger = new URL(url);
    stranger.password = 'geheim';
    for (const [other, retryable] of [
      [nobody, true],
      [stranger, false],
    ] as const) {
      const db = new PostgresDatabase({ url: other.href });
      await assert.rejects(
        db.all('SELECT 1'),
        (thrown: Error & { code?: string; retryable?: boolean }) =>
          thrown.code === 'STORE_UNAVAILABLE' && thrown.retryable === retryable && !thrown.message.includes('geheim'),
      );
      await db.close();
    }
    await giveBack(url);
  });

  it('refuses an address that could never connect', () => {
    const start = 'postgres://me:geheim@127.0.0.1';
    for (const url of [
      `${start}:5432/x?sslmode=verify-full&sslrootcert=/nowhere/ca.pem`,
      `${start}/x?port=first`,
      'postgres://me:geheim%ff@127.0.0.1/x',
    ]) {
      assert.throws(
        () => new PostgresDatabase({ url }),
        (thrown: Error) =>
          'code' in thrown && thrown.code === 'STORE_URL_INVALID' && !thrown.message.includes('geheim'),
        url,
      );
    }
  });

  it('takes a password of any characters, and hosts of both kinds', async (t) => {
    const { url } = await open(t);
    const password = `a@:/?#%&+ "'\\\u00e9[]`;
    const role = `odd_${randomUUID().slice(0, 8)}`;
    await statement(url, `CREATE ROLE ${role} LOGIN PASSWORD '${password.replaceAll("'", "''")}'`);
    t.after(() => statement(url, `DROP ROLE ${role}`));
    const odd = new URL(url);
    odd.username = role;
    odd.password = encodeURIComponent(password);
    const db = new PostgresDatabase({ url: odd.href });
    assert.deepEqual(await db.all('SELECT current_user AS name'), [{ name: role }]);
    await db.close();
    odd.hostname = '[::1]';
    odd.port = '1';
    const other = new PostgresDatabase({ url: odd.href });
    await assert.rejects(other.all('SELECT 1'), (thrown: Error & { cause?: { code?: string } }) => {
      return ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH'].includes(String(thrown.cause?.code));
    });
    await other.close();
  });

  it('reads texts and numbers as they were stored, however the database is set up', async (t) => {
    const { url } = await open(t);
    const name = new URL(url).pathname.slice(1);
    const settings = ['extra_float_digits = 0', 'default_transaction_isolation = serializable'];
    for (const setting of settings) await statement(url, `ALTER DATABASE ${name} SET ${setting}`);
    t.after(() => statement(url, `ALTER DATABASE ${name} RESET ALL`));
    const foreign = new URL(url);
    foreign.searchParams.set('client_encoding', 'latin1');
    const db = new PostgresDatabase({ url: foreign.href });
    const value = { text: '\u00e9\u4f60', number: 0.1 + 0.2 };
    assert.deepEqual(await db.all('SELECT $1::text AS text, $2::float8 AS number', [value.text, value.number]), [
      value,
    ]);
    assert.deepEqual(await db.all("SELECT current_setting('transaction_isolation') AS level"), [
      { level: 'read committed' },
    ]);
    await db.close();
  });

  it('takes nothing more when it is closed', async (t) => {
    const { db } = await open(t);
    await Promise.all([db.close(), db.close()]);
    await assert.rejects(db.all('SELECT 1'), { code: 'STORE_UNAVAILABLE' });
  });
});
