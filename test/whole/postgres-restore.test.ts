import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { MapwrightError } from '../../src/core/error.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { NUMBERS_AHEAD } from '../../src/runtime/restore/restore-install.ts';
import { dropDatabase, newDatabase, statement } from '../store/postgres-cluster.ts';
import { opened, sendingOrders, sentOrders } from './backup-fixture.ts';
import { mapwright, refused, temporaryFolder } from './command-line.ts';
import { until } from './poll.ts';
import { ScriptedPeer } from './scripted-peer.ts';

/** An install in a database of its own that sends its orders to the peer, open for nobody. */
async function orderDatabase(t: TestContext, peer: ScriptedPeer): Promise<{ folder: string; database: string }> {
  const folder = join(await temporaryFolder(t), 'data');
  const database = await newDatabase();
  t.after(() => dropDatabase(database));
  const install = await openInstall({ folder, database, env: {} });
  await install.administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
  const documents = sendingOrders(peer);
  await install.administration.apply({ documents, prune: false, dryRun: false, by: 'test' });
  await install.close();
  return { folder, database };
}

/** A copy of the whole database as the server makes one of a database that nobody uses; stands in for a dump. */
async function copied(t: TestContext, database: string): Promise<string> {
  const copy = new URL(database);
  copy.pathname = `${copy.pathname}_copy`;
  const server = new URL(database);
  server.pathname = '/postgres';
  const name = (url: URL): string => url.pathname.slice(1);
  await statement(server.href, `CREATE DATABASE ${name(copy)} TEMPLATE ${name(new URL(database))}`);
  t.after(() => dropDatabase(copy.href));
  return copy.href;
}

/** New connections to the database may only read, or write again; there are no old ones then. */
async function setReadOnly(database: string, isReadOnly: boolean): Promise<void> {
  const server = new URL(database);
  server.pathname = '/postgres';
  const name = new URL(database).pathname.slice(1);
  const change = isReadOnly ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only';
  await statement(server.href, `ALTER DATABASE ${name} ${change}`);
  await statement(server.href, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
}

describe('an install in PostgreSQL that was restored', () => {
  it('holds what had not ended, and gives no number twice', async (t) => {
    const peer = await ScriptedPeer.open(t);
    const { folder, database } = await orderDatabase(t, peer);
    const first = await opened(t, folder, { worker: false, database });
    await first.save('SO-1');
    await first.close();
    const copy = await copied(t, database);
    const later = await opened(t, folder, { worker: true, database });
    await later.save('SO-2');
    await later.allEnded(2);
    const env = { DATABASE_URL: database };
    await refused('BACKUP_BY_SERVER', ['backup', join(folder, 'b.db'), '--dir', folder], { env });
    await refused('RESTORE_NODES_WORKING', ['after-restore', '--yes', '--dir', folder], { env });
    await later.close();

    const there = join(await temporaryFolder(t), 'there');
    await mkdir(there);
    await copyFile(join(folder, 'mapwright.key'), join(there, 'mapwright.key'));
    const restored = { env: { DATABASE_URL: copy } };
    await refused('CLI_USAGE', ['after-restore', '--dir', there], restored);
    const done = await mapwright(['after-restore', '--yes', '--json', '--dir', there], restored);
    assert.equal(done.exitCode, 0, done.errors);
    assert.equal((JSON.parse(done.output) as { readonly held: { readonly runs: number } }).held.runs, 1);
    const install = await opened(t, there, { worker: true, database: copy });
    await install.save('SO-3');
    const runs = await until('the new order is sent', async () => {
      const all = await install.runs();
      return all[1]?.status === 'completed' ? all : undefined;
    });
    assert.equal(runs[0]?.wait?.for, 'person');
    assert.ok((runs[1]?.id ?? 0) > NUMBERS_AHEAD);
    assert.deepEqual(sentOrders(peer), ['SO-1', 'SO-2', 'SO-3']);
    await install.administration.commandRun({ run: 1, command: { kind: 'retry' }, by: 'test', origin: 'test' });
    await install.allEnded(2);
    assert.deepEqual(sentOrders(peer), ['SO-1', 'SO-1', 'SO-2', 'SO-3']);
    await install.close();
  });
});

describe('a PostgreSQL server that takes no changes', () => {
  it('refuses saves with a clear answer; once it takes them again, everything goes on', async (t) => {
    const peer = await ScriptedPeer.open(t);
    const { folder, database } = await orderDatabase(t, peer);
    const install = await opened(t, folder, { worker: true, database });
    await install.save('SO-1');
    await install.allEnded(1);
    await setReadOnly(database, true);
    const refusal = await until('a save is refused', () =>
      install.save('SO-2').then(
        () => undefined,
        (thrown: unknown) => (String(thrown).includes('only reads') ? thrown : undefined),
      ),
    );
    assert.ok(refusal instanceof MapwrightError);
    assert.deepEqual([refusal.code, refusal.retryable], ['STORE_UNAVAILABLE', true]);
    await setReadOnly(database, false);
    await until('a save is taken', () =>
      install.save('SO-3').then(
        () => true,
        () => undefined,
      ),
    );
    const runs = await until('all runs end', async () => {
      const all = await install.runs();
      return all.every(({ status }) => status === 'completed') ? all : undefined;
    });
    assert.equal(runs.length, 2);
    assert.deepEqual(sentOrders(peer), ['SO-1', 'SO-3']);
    await install.close();
  });
});
