import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { isFinal } from '../../src/core/run.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { dropDatabase, emptyDatabase } from '../store/postgres-cluster.ts';
import { type CommandOptions, mapwright, serve, temporaryFolder } from './command-line.ts';
import { productSync } from './documents.ts';
import { PeerInstall } from './peer-install.ts';
import { until } from './poll.ts';
import { ServiceClient } from './webservice-client.ts';

const PRODUCTS = 24;

/** Runs a command that must succeed. */
async function done(words: readonly string[], options: CommandOptions): Promise<string> {
  const { exitCode, output, errors } = await mapwright(words, options);
  assert.equal(exitCode, 0, `${words.join(' ')}: ${errors}${output}`);
  return output;
}

async function folderWith(t: TestContext, documents: Awaited<ReturnType<typeof productSync>>): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const { file, text } of documents) await writeFile(join(folder, file), text);
  return folder;
}

it('an install on PostgreSQL keeps another in step, across kill -9 and a new start', async (t) => {
  const database = await emptyDatabase();
  t.after(() => dropDatabase(database));
  const folder = await temporaryFolder(t);
  const peer = await PeerInstall.open(t);
  const env = { DATABASE_URL: database };
  const first = await serve(t, folder, { env });
  const key = first.accessKey ?? assert.fail('the database was an install before');

  // Each in a process of its own, on the database itself, while the server runs.
  const at = (...words: string[]) => done([...words, '--dir', folder], { env });
  await at('setting', 'set', 'egress.allow', '127.0.0.1:*');
  await at('setting', 'set', 'head_office_url', peer.url);
  await at('setting', 'set', 'head_office_user', 'admin');
  await done(['secret', 'set', 'head_office_key', '--dir', folder], { env, input: peer.key });
  await at('apply', await folderWith(t, await productSync()));

  const client = new ServiceClient(first.url);
  assert.equal(await client.logIn('admin', key), undefined);
  await until('the server goes by the documents', async () => {
    const { error } = await client.call('describe', { elementType: 'Products' });
    return error === undefined ? true : undefined;
  });
  const { promise: killed, resolve } = Promise.withResolvers<unknown>();
  const answered: string[] = [];
  const saves = Array.from({ length: PRODUCTS }, async (_, index) => {
    const element = JSON.stringify({ productname: `Bolt ${index}`, assigned_user_id: '19x1' });
    const { id } = await client.object('create', { elementType: 'Products', element });
    if (answered.push(String(id)) === PRODUCTS / 2) resolve(first.end('SIGKILL'));
  });
  await Promise.allSettled(saves);
  await killed;

  const second = await serve(t, folder, { env });
  assert.equal(second.accessKey, undefined, 'the first user was made again');
  const revised = answered[0] ?? assert.fail('nothing was answered');
  const again = new ServiceClient(second.url);
  assert.equal(await again.logIn('admin', key), undefined);
  await again.object('revise', { element: JSON.stringify({ id: revised, serial_no: 'SN-2' }) });

  const install = await openInstall({ folder, database });
  t.after(() => install.close());
  const runs = await until('all runs end', async () => {
    const all = await install.administration.runs({ limit: 10 * PRODUCTS });
    return all.every(({ status }) => isFinal(status)) ? all : undefined;
  });
  assert.deepEqual(new Set(runs.map(({ status }) => status)), new Set(['completed']));
  const here = (await install.crm.query('select * from Products limit 1000;')).records;
  for (const id of answered)
    assert.ok(
      here.some((record) => record.id === id),
      `${id} was answered and is lost`,
    );
  assert.equal(runs.length, here.length + 1);
  const there = await peer.products();
  assert.deepEqual(
    there.map(({ id, values }) => [id, values['productname']]).toSorted(),
    here.map(({ values }) => [values['remote_id'], values['productname']]).toSorted(),
  );
  assert.equal(there.filter(({ values }) => values['serial_no'] === 'SN-2').length, 1);
  assert.equal(await peer.openSessions(), 0);
  assert.deepEqual(await second.end('SIGTERM'), [0, null]);
});
