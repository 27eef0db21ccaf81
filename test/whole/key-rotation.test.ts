import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it, type TestContext } from 'node:test';
import { isFinal } from '../../src/core/run.ts';
import type { Administration, KeyRotation } from '../../src/runtime/administration.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { dropDatabase, emptyDatabase } from '../store/postgres-cluster.ts';
import { countSealed, postgresTexts, sqliteTexts } from '../store/stored-texts.ts';
import { mapwright, refused, serve, temporaryFolder } from './command-line.ts';
import { productSync } from './documents.ts';
import { openHostilePeer } from './hostile-peer.ts';
import { callingPeer, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const CHILD = fileURLToPath(new URL('./node-child.ts', import.meta.url));
const [OLD, NEXT] = ['07'.repeat(32), '08'.repeat(32)];

async function rotated(administration: Administration): Promise<KeyRotation> {
  await administration.beginKeyRotation({ dryRun: false, by: 'test' });
  const ended = await until('the key is changed', async () => {
    const state = await administration.keyRotation();
    return state?.stage === 'done' || state?.stage === 'failed' ? state : undefined;
  });
  assert.equal(ended.stage, 'done', JSON.stringify(ended.failure));
  return ended;
}

it('runs go on while the key is changed, and none fails', async (t) => {
  const peer = await openHostilePeer(t);
  const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer) });
  const { administration } = a.install;
  let ended: KeyRotation | undefined;
  const rotating = rotated(administration).then((state) => (ended = state));
  let made = 0;
  while (ended === undefined) {
    await a.create({ productname: `Bolt ${made++}` });
    if (made % 5 === 0)
      await until('the runs come after', async () => ((await a.runs()).length >= made ? true : undefined));
  }
  await rotating;
  const runs = await until('all runs end', async () => {
    const found = await administration.runs({ limit: 1000 });
    return found.length >= made && found.every(({ status }) => isFinal(status)) ? found : undefined;
  });
  assert.deepEqual([...new Set(runs.map(({ status }) => status))], ['completed']);
  assert.deepEqual(
    a.log.filter((line) => line.startsWith('fault')),
    [],
  );
  const counts = countSealed(sqliteTexts(a.folder));
  assert.ok(
    Object.keys(counts).some((column) => column.startsWith('run_contexts')),
    'no run kept anything sealed',
  );
  for (const column of Object.keys(counts)) assert.equal(column.split(' ')[1], ended.to, column);
  assert.deepEqual(
    (await administration.audit({ limit: 1 })).map(({ action, target }) => [action, target]),
    [['keyRotated', ended.to]],
  );
  await a.close();
  await a.reopen({ worker: true });
  await a.create({ productname: 'after' });
  await until('the run after it ends', async () => {
    const [last] = await a.install.administration.runs({ limit: 1 });
    return last !== undefined && last.status === 'completed' && runs.every(({ id }) => id < last.id) ? last : undefined;
  });
});

it('one command changes the key of a served install, and a backup from before needs the old one', async (t) => {
  const folder = await temporaryFolder(t);
  const server = await serve(t, folder);
  const options = { input: 'hush' };
  assert.equal((await mapwright(['secret', 'set', 'crm', '--dir', folder], options)).exitCode, 0);
  const backup = join(await temporaryFolder(t), 'before.db');
  assert.equal((await mapwright(['backup', backup, '--dir', folder])).exitCode, 0);
  const counted = await mapwright(['secret', 'rotate-key', '--dry-run', '--dir', folder]);
  assert.match(counted.output, /^2 of 2 values would be sealed anew under a new key$/mu);
  const keyFile = join(folder, 'mapwright.key');
  const old = (await readFile(keyFile, 'utf8')).trim();
  const changed = await mapwright(['secret', 'rotate-key', '--dir', folder]);
  assert.equal(changed.exitCode, 0, changed.errors);
  assert.match(changed.output, /2 values anew, 0 left under another key/u);
  const [, kept = ''] = /the old key is now in (\S+)$/mu.exec(changed.output) ?? [];
  assert.equal((await readFile(kept, 'utf8')).trim(), old);
  const next = (await readFile(keyFile, 'utf8')).trim();
  assert.notEqual(next, old);
  assert.doesNotMatch(changed.output + changed.errors, new RegExp(`${old}|${next}`, 'u'));
  await server.end('SIGTERM');
  await refused('SECRET_UNREADABLE', ['restore', backup, '--yes', '--dir', folder]);
  const both = { env: { MAPWRIGHT_KEY: `${next} ${old}` } };
  const restored = await mapwright(['restore', backup, '--yes', '--dir', folder], both);
  assert.equal(restored.exitCode, 0, restored.errors);
  const again = await mapwright(['secret', 'rotate-key', '--json', '--dir', folder], both);
  assert.equal((JSON.parse(again.output) as KeyRotation).resealed, 2);
  const counts = Object.keys(countSealed(sqliteTexts(folder)));
  assert.equal(new Set(counts.map((column) => column.split(' ')[1])).size, 1);
  await (await serve(t, folder)).end('SIGTERM');
});

it('keys from the environment: without a second one nothing is changed, and the first is gone over to', async (t) => {
  const folder = await temporaryFolder(t);
  const under = (keys: string) => ({ env: { MAPWRIGHT_KEY: keys }, input: 'hush' });
  assert.equal((await mapwright(['secret', 'set', 'crm', '--dir', folder], under(OLD))).exitCode, 0);
  await refused('KEY_NEXT_MISSING', ['secret', 'rotate-key', '--dir', folder], under(OLD));
  const changed = await mapwright(['secret', 'rotate-key', '--json', '--dir', folder], under(`${NEXT},${OLD}`));
  const ended = JSON.parse(changed.output) as KeyRotation;
  assert.deepEqual([ended.stage, ended.resealed, ended.stillGiven?.length, ended.oldKeys], ['done', 2, 1, []]);
  await refused('SECRET_UNREADABLE', ['serve', '--port', '0', '--dir', folder], under(OLD));
  await (await serve(t, folder, under(NEXT))).end('SIGTERM');
});

it('nodes on PostgreSQL that have both keys work on while it is changed', async (t) => {
  const database = await emptyDatabase();
  const closing: (() => Promise<unknown>)[] = [() => dropDatabase(database)];
  t.after(async () => {
    for (const close of closing.toReversed()) await close();
  });
  const peer = await openHostilePeer(t);
  const env = { MAPWRIGHT_KEY: `${NEXT} ${OLD}` };
  const desk = await openInstall({ folder: await temporaryFolder(t), database, env: { MAPWRIGHT_KEY: OLD } });
  await prepare(desk.administration, peer);
  await desk.close();
  const nodes = [await node(t, database, env), await node(t, database, env)];
  const own = await openInstall({ folder: await temporaryFolder(t), database, env });
  closing.push(() => own.close(0));
  const folder = await temporaryFolder(t);
  const changing = mapwright(['secret', 'rotate-key', '--json', '--dir', folder], {
    env: { ...env, DATABASE_URL: database },
  });
  let isDone = false;
  void changing.then(() => (isDone = true));
  let made = 0;
  while (!isDone) {
    await own.crm.create({ actor: { user: '19x1' }, module: 'Products', element: { productname: `Bolt ${made++}` } });
    await until('runs do not pile up', async () => {
      const { pending, running } = (await own.administration.status()).runs;
      return pending + running < 10 ? true : undefined;
    });
  }
  const changed = await changing;
  assert.equal(changed.exitCode, 0, changed.errors);
  const runs = await until('all runs end', async () => {
    const found = await own.administration.runs({ limit: 5000 });
    return found.length >= made && found.every(({ status }) => isFinal(status)) ? found : undefined;
  });
  assert.deepEqual([...new Set(runs.map(({ status }) => status))], ['completed']);
  const { to } = JSON.parse(changed.output) as KeyRotation;
  for (const column of Object.keys(countSealed(await postgresTexts(database))))
    assert.equal(column.split(' ')[1], to, column);
  for (const { exitCode } of nodes) assert.equal(exitCode, null);
});

async function prepare(administration: Administration, peer: Parameters<typeof callingPeer>[0]): Promise<void> {
  const { settings, secrets } = callingPeer(peer);
  for (const [name, value] of Object.entries({ ...settings, 'egress.allow': '127.0.0.1:*' })) {
    await administration.setSetting({ name, value });
  }
  for (const [name, value] of Object.entries(secrets)) await administration.setSecret({ name, value, by: 'test' });
  await administration.apply({ documents: await productSync(), prune: false, dryRun: false, by: 'test' });
}

async function node(t: TestContext, database: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const folder = await temporaryFolder(t);
  const child = spawn(process.execPath, [CHILD, folder, database, '9000'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
  await until('the node works', () => (told.includes('ready\n') ? true : undefined));
  return child;
}
