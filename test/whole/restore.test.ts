import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import Database from 'better-sqlite3';
import type { RestoreResult } from '../../src/runtime/restore/restore-install.ts';
import { NUMBERS_AHEAD, restoreInstall } from '../../src/runtime/restore/restore-install.ts';
import { backUp, elsewhere, namesIn, opened, orderInstall, sentOrders } from './backup-fixture.ts';
import { mapwright, refused, serve, temporaryFolder } from './command-line.ts';
import { until } from './poll.ts';
import { ScriptedPeer, silence } from './scripted-peer.ts';

/** An install with one order that was sent and one whose run has not begun, and a backup of that. */
async function halfDone(t: TestContext): Promise<{ peer: ScriptedPeer; folder: string; file: string }> {
  const peer = await ScriptedPeer.open(t);
  const folder = await orderInstall(t, peer);
  const first = await opened(t, folder, { worker: true });
  await first.save('SO-1');
  await first.allEnded(1);
  await first.close();
  const second = await opened(t, folder, { worker: false });
  await second.save('SO-2');
  const file = join(await temporaryFolder(t), 'b.db');
  await backUp(second, file);
  await second.close();
  return { peer, folder, file };
}

/** What became of the install after the backup: the second order went out, and a third was made. */
async function goOn(t: TestContext, folder: string): Promise<void> {
  const later = await opened(t, folder, { worker: true });
  await later.save('SO-3');
  await later.allEnded(3);
  await later.close();
}

function restore(folder: string, file: string, hold = true): Promise<RestoreResult> {
  return restoreInstall({
    folder,
    file,
    env: {},
    now: Date.now(),
    by: 'test',
    hold,
    ahead: NUMBERS_AHEAD,
    otherInstall: false,
    anyKey: false,
    confirm: () => true,
  });
}

async function countRuns(t: TestContext, folder: string): Promise<number> {
  const install = await opened(t, folder, { worker: false });
  const { length } = await install.runs();
  await install.close();
  return length;
}

describe('mapwright restore', () => {
  it('holds what had not ended, so that nothing is sent twice before somebody says so', async (t) => {
    const { peer, folder, file } = await halfDone(t);
    await goOn(t, folder);
    assert.deepEqual(sentOrders(peer), ['SO-1', 'SO-2', 'SO-3']);
    const there = await elsewhere(t, folder);
    const { done } = await restore(there, file);
    assert.deepEqual([done?.held.runs, done?.aside], [1, undefined]);
    const install = await opened(t, there, { worker: true });
    const [, second] = await install.runs();
    assert.equal(second?.wait?.for, 'person');
    // A new order goes out at once, under a number that no earlier one had.
    await install.save('SO-4');
    const runs = await until('the new order is sent', async () => {
      const all = await install.runs();
      return all[2]?.status === 'completed' ? all : undefined;
    });
    assert.ok((runs[2]?.id ?? 0) > NUMBERS_AHEAD);
    assert.deepEqual(sentOrders(peer), ['SO-1', 'SO-2', 'SO-3', 'SO-4']);
    const keys = peer.of('/orders').map(({ headers }) => String(headers['idempotency-key']));
    assert.equal(new Set(keys).size, 4, 'the other side would take the new order for an old one');
    const order = { filter: { code: 'RUN_RESTORED' }, command: { kind: 'retry' }, by: 'test', origin: 'test' } as const;
    await install.administration.commandInbox(order);
    await install.allEnded(3);
    assert.deepEqual(sentOrders(peer), ['SO-1', 'SO-2', 'SO-2', 'SO-3', 'SO-4']);
    // Sent again under the key of the first time, by which the other side can tell.
    const [before, again] = peer.of('/orders').filter(({ body }) => body.includes('SO-2'));
    assert.equal(before?.headers['idempotency-key'], again?.headers['idempotency-key']);
  });

  it('lets runs go on where that is said, and keeps the old install, which can be put back', async (t) => {
    const { peer, folder, file } = await halfDone(t);
    await goOn(t, folder);
    const asked = await mapwright(['restore', file, '--dir', folder]);
    assert.equal(asked.exitCode, 2);
    assert.match(asked.errors, /2 runs \(1 not ended\)[^]*3 runs \(0 not ended\)/u);
    assert.equal(await countRuns(t, folder), 3, 'nothing was replaced');
    const restored = await mapwright(['restore', file, '--yes', '--run-on', '--json', '--dir', folder]);
    assert.equal(restored.exitCode, 0, restored.errors);
    const { aside } = (JSON.parse(restored.output) as { readonly done: { readonly aside: string } }).done;
    const install = await opened(t, folder, { worker: true });
    await install.allEnded(2);
    await install.close();
    assert.deepEqual(sentOrders(peer), ['SO-1', 'SO-2', 'SO-2', 'SO-3']);
    await restore(folder, join(aside, 'mapwright.db'), false);
    assert.equal(await countRuns(t, folder), 3);
    const back = await opened(t, folder, { worker: false });
    const [entry] = await back.administration.audit({ action: 'restore', limit: 1 });
    assert.deepEqual([entry?.by, entry?.outcome], ['test', 'done']);
  });

  it('keeps a step in doubt that was under way at the moment of the backup', async (t) => {
    const peer = await ScriptedPeer.open(t);
    peer.reply('/orders', silence);
    const folder = await orderInstall(t, peer);
    const first = await opened(t, folder, { worker: true });
    await first.save('SO-1');
    await until('the call is under way', () => (peer.of('/orders').length === 1 ? true : undefined));
    const file = join(await temporaryFolder(t), 'b.db');
    await backUp(first, file);
    await first.close();
    peer.reply('/orders', 200);
    const there = await elsewhere(t, folder);
    await restore(there, file);
    const install = await opened(t, there, { worker: true });
    await install.administration.commandRun({ run: 1, command: { kind: 'retry' }, by: 'test', origin: 'test' });
    // The map says nothing of calls whose answer is lost: a person is asked, as after any crash.
    await until('a person is asked', async () => {
      const [item] = await install.administration.inboxItems({ limit: 1 });
      return item?.code === 'RUN_INTERRUPTED' && item.inDoubt ? true : undefined;
    });
    assert.deepEqual(sentOrders(peer), ['SO-1']);
  });
});

describe('a restore that is refused changes nothing', () => {
  it('while a process runs, without the key, with another key, and for another install', async (t) => {
    const { folder, file } = await halfDone(t);
    const server = await serve(t, folder);
    await refused('STORE_LOCKED', ['restore', file, '--yes', '--dir', folder]);
    await server.end('SIGTERM');
    const empty = join(await temporaryFolder(t), 'empty');
    await refused('KEY_MISSING', ['restore', file, '--dir', empty]);
    assert.equal(existsSync(join(empty, 'mapwright.key')), false);
    const env = { MAPWRIGHT_KEY: '07'.repeat(32) };
    await refused('SECRET_UNREADABLE', ['restore', file, '--dir', empty], { env });
    assert.equal(existsSync(join(empty, 'mapwright.db')), false);
    assert.equal((await mapwright(['restore', file, '--any-key', '--dir', empty], { env })).exitCode, 0);
    const other = await orderInstall(t, await ScriptedPeer.open(t));
    const before = await readFile(join(other, 'mapwright.db'));
    const options = ['--yes', '--any-key', '--dir', other];
    await refused('RESTORE_OTHER_INSTALL', ['restore', file, ...options]);
    assert.deepEqual(await readFile(join(other, 'mapwright.db')), before);
    assert.equal((await mapwright(['restore', file, '--other-install', ...options])).exitCode, 0);
  });

  it('for what is no whole backup, or one of a newer version, and in PostgreSQL', async (t) => {
    const { folder, file } = await halfDone(t);
    const names = await namesIn(folder);
    const whole = await readFile(file);
    const wrong = `${file}.wrong`;
    const change = async (sql: string): Promise<void> => {
      await writeFile(wrong, whole);
      const db = new Database(wrong);
      db.exec(sql);
      db.close();
    };
    for (const content of [Buffer.from('no backup at all'), whole.subarray(0, whole.length / 2)]) {
      await writeFile(wrong, content);
      await refused('BACKUP_INVALID', ['restore', wrong, '--yes', '--dir', folder]);
    }
    await change('UPDATE backup_note SET runs = runs + 1');
    await refused('BACKUP_INVALID', ['restore', wrong, '--yes', '--dir', folder]);
    await change('UPDATE __drizzle_migrations SET created_at = created_at + 1e12');
    const newer = await refused('STORE_NEWER', ['restore', wrong, '--yes', '--dir', folder]);
    assert.match(newer.errors, /newer version/u);
    await refused('CLI_FILE_MISSING', ['restore', `${file}.gone`, '--yes', '--dir', folder]);
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    await refused('BACKUP_BY_SERVER', ['restore', file, '--yes', '--dir', folder], { env });
    assert.deepEqual(await namesIn(folder), names);
    assert.equal(await countRuns(t, folder), 2);
  });
});

describe('a restore that was killed in the middle', () => {
  it('lets nobody open what is half there, and goes on when it is given again', async (t) => {
    const { folder, file } = await halfDone(t);
    // As it stands when the process dies between the two names: the old database is aside, the new one not in its place.
    const aside = 'before-restore-20260302-091407';
    const { done } = await restore(folder, file);
    await rename(done?.aside ?? '', join(folder, aside));
    await rm(join(folder, 'mapwright.db'));
    await appendFile(join(folder, 'mapwright.restoring'), `${aside}\n`);
    await refused('STORE_RESTORING', ['serve', '--port', '0', '--dir', folder]);
    assert.equal(existsSync(join(folder, 'mapwright.db')), false, 'a new install stands in its place');
    await restore(folder, file);
    assert.equal(existsSync(join(folder, 'mapwright.restoring')), false);
    assert.ok(existsSync(join(folder, aside, 'mapwright.db')));
    assert.equal(await countRuns(t, folder), 2);
  });
});
