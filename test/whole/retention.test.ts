import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { localCaller } from '../../src/core/access.ts';
import { openInstall, type Install } from '../../src/runtime/install.ts';
import { dropDatabase, emptyDatabase } from '../store/postgres-cluster.ts';
import { temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';

const DAY_MS = 86_400_000;
const END = '<trigger on="manual"/><tasks><end id="end"/></tasks>';
const DOCUMENTS = [
  nativeDocument('workflow', 'name="plain"', END),
  nativeDocument('workflow', 'name="brief" keep="2h" keep-failed="3h"', END),
  nativeDocument('workflow', 'name="account" keep="forever"', END),
  nativeDocument(
    'workflow',
    'name="failing"',
    '<trigger on="manual"/><tasks><end id="end" as="failed" label="no luck"/></tasks>',
  ),
];

/** An install whose clock is moved by hand. */
async function stage(t: TestContext) {
  let now = Date.now();
  const clock = { now: () => now };
  const test = await TestInstall.open(t, { documents: DOCUMENTS, clock });
  const { install } = test;
  const start = async (workflow: string): Promise<number> => {
    const { runs } = await install.administration.start({ workflow, by: 'admin', waitMs: 20_000 });
    return runs[0]?.id ?? assert.fail('nothing was started');
  };
  const isThere = async (run: number): Promise<boolean> => (await test.runs()).some(({ id }) => id === run);
  return { test, install, start, isThere, pass: (ms: number) => void (now += ms) };
}

describe('retention', () => {
  it('removes completed runs after 30 days, and one that is open in the inbox never', async (t) => {
    const { install, start, isThere, pass } = await stage(t);
    const done = await start('plain');
    const failed = await start('failing');
    pass(29 * DAY_MS);
    assert.equal(await install.housekeeping.round(), true);
    assert.deepEqual([await isThere(done), await isThere(failed)], [true, true]);
    pass(2 * DAY_MS);
    const newest = await start('plain');
    assert.equal((await install.administration.retention()).kinds[0]?.due, 1);
    await install.housekeeping.round();
    assert.deepEqual([await isThere(done), await isThere(failed)], [false, true]);
    const { administration } = install;
    await assert.rejects(administration.run({ id: done }), { code: 'RUN_REMOVED' });
    await assert.rejects(administration.inboxItem({ run: done }), { code: 'RUN_REMOVED' });
    await assert.rejects(administration.retry({ id: done, by: 'admin' }), { code: 'RUN_REMOVED' });
    await assert.rejects(administration.run({ id: newest + 1 }), { code: 'RUN_UNKNOWN' });
    const { last } = await administration.retention();
    assert.deepEqual([last.removed.completed, last.left], [1, 0]);
    pass(180 * DAY_MS);
    await install.housekeeping.round();
    assert.equal(await isThere(failed), true, 'nobody has looked after it');
    assert.equal((await administration.retention()).last.left, 1);
    const resolve = {
      run: failed,
      command: { kind: 'ignore' },
      by: 'admin',
      origin: 'test',
    } as const;
    await administration.commandRun(resolve);
    await install.housekeeping.round();
    assert.equal(await isThere(failed), false);
  });

  it('keeps to what a workflow in force says itself', async (t) => {
    const { install, start, isThere, pass } = await stage(t);
    const brief = await start('brief');
    const account = await start('account');
    const plain = await start('plain');
    pass(2.5 * 3_600_000);
    await install.housekeeping.round();
    assert.deepEqual([await isThere(brief), await isThere(account), await isThere(plain)], [false, true, true]);
    pass(4_000 * DAY_MS);
    await start('plain');
    await install.housekeeping.round();
    assert.deepEqual([await isThere(account), await isThere(plain)], [true, false]);
    const { workflows } = await install.administration.retention();
    assert.deepEqual(workflows, [
      { workflow: 'brief', keepMs: 7_200_000, keepFailedMs: 10_800_000 },
      { workflow: 'account', keepMs: null },
    ]);
  });

  it('is set by age and by number, previewed before, audited after', async (t) => {
    const { install, start, isThere, pass } = await stage(t);
    const runs = [await start('plain'), await start('plain'), await start('plain')];
    const administration = install.administrationFor(localCaller('anna'));
    pass(2 * DAY_MS);
    const due = async (change: Parameters<typeof administration.previewRetention>[0]) =>
      (await administration.previewRetention(change)).kinds[0]?.due;
    assert.equal(await due({ kind: 'completed', keep: '1d' }), 3);
    assert.equal(await due({ kind: 'completed', keep: '3d' }), 0);
    assert.equal(await due({ kind: 'completed', atMost: 2 }), 1);
    assert.equal((await administration.retention()).kinds[0]?.isSet, false, 'a preview changes nothing');
    await administration.setRetention({ kind: 'completed', atMost: 2 });
    await install.housekeeping.round();
    assert.deepEqual(await Promise.all(runs.map(isThere)), [false, true, true]);
    await administration.setRetention({ kind: 'completed', keep: 'forever', atMost: null });
    assert.deepEqual(await administration.settings(), {
      'egress.allow': '127.0.0.1:*',
      'retention.completed': 'forever',
    });
    await administration.setRetention({ kind: 'completed', keep: 'default' });
    const [entry] = await administration.audit({ action: 'setRetention', limit: 9 });
    assert.deepEqual([entry?.by, entry?.target, entry?.outcome], ['anna', 'completed', 'done']);
    assert.deepEqual(entry?.detail, { asked: { keep: 'default' }, before: { keep: 'forever', atMost: null } });
  });

  it('refuses what would remove everything at once, or says nothing', async (t) => {
    const { install } = await stage(t);
    const { administration } = install;
    for (const keep of ['0d', '59m', '7', 'for ever', '']) {
      await assert.rejects(administration.setRetention({ kind: 'completed', keep }), { code: 'SETTING_INVALID' }, keep);
    }
    await assert.rejects(administration.setRetention({ kind: 'completed', atMost: 0 }), { code: 'SETTING_INVALID' });
    await assert.rejects(administration.setRetention({ kind: 'audit', atMost: 5 }), { code: 'RETENTION_INVALID' });
    await assert.rejects(administration.setRetention({ kind: 'audit' }), { code: 'RETENTION_INVALID' });
    const set = (name: string, value: string) => administration.setSetting({ name, value });
    await assert.rejects(set('retention.completed', '1m'), { code: 'SETTING_INVALID' });
    await assert.rejects(set('retention.complete', '30d'), { code: 'SETTING_INVALID' });
    await set('retention.audit', '90d');
    assert.equal((await administration.retention()).kinds.at(-1)?.keepMs, 90 * DAY_MS);
  });

  it('goes on after a stop in the middle of a round', async (t) => {
    const { test, install, start, pass } = await stage(t);
    for (let one = 0; one < 30; one++) await start('plain');
    pass(31 * DAY_MS);
    const round = install.housekeeping.round().catch(() => false);
    await test.close();
    await round;
    await test.reopen({ worker: false });
    const newest = await test.install.administration.start({ workflow: 'plain', by: 'admin' });
    while (!(await test.install.housekeeping.round()));
    assert.deepEqual(
      (await test.runs()).map(({ id }) => id),
      newest.runs.map(({ id }) => id),
    );
    assert.equal((await test.install.administration.status()).runs.completed, 0);
  });
});

describe('retention on several nodes', () => {
  it('is one node at a time, and another when that one has gone', async (t) => {
    const database = await emptyDatabase();
    const folder = await temporaryFolder(t);
    const open = (): Promise<Install> => openInstall({ folder, database, env: {} });
    const [one, other] = [await open(), await open()];
    t.after(async () => {
      await Promise.all([one.close(0), other.close(0)]);
      await dropDatabase(database);
    });
    const rounds = await Promise.all([one.housekeeping.round(), other.housekeeping.round()]);
    assert.deepEqual(rounds.toSorted(), [false, true]);
    assert.equal(await other.housekeeping.round(), true);
    const [{ last }, { last: seen }] = await Promise.all([
      one.administration.retention(),
      other.administration.retention(),
    ]);
    assert.ok(last.endedAt !== undefined);
    assert.deepEqual(seen, last, 'each node sees the same figures');
  });
});
