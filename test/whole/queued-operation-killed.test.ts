import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it } from 'node:test';
import { isJsonObject } from '../../src/core/json.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { BIN, serve, temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';
import { ServiceClient } from './webservice-client.ts';

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string"/><field name="note" label="Note" type="text"/>`,
);
const UNFINISHED = 'Operation not queued or not finished yet';

/** A new install with orders; gives the administrator's key. */
async function prepare(folder: string): Promise<string> {
  const install = await openInstall({ folder, env: {} });
  try {
    await install.administration.apply({ documents: [ORDERS], prune: false, dryRun: false, by: 'test' });
    return install.firstUser?.accessKey ?? assert.fail('not a new install');
  } finally {
    await install.close();
  }
}

/** Serves with memory for everything but a large answer; gives how that ended, 0 when it had to be stopped. */
async function endOfGreedyServer(folder: string): Promise<unknown> {
  const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=128', MAPWRIGHT_DIR: '' };
  const words = [BIN, 'serve', '--dir', folder, '--port', '0'];
  const child = spawn(process.execPath, words, { env, stdio: 'ignore', timeout: 60_000 });
  const [code]: unknown[] = await once(child, 'exit');
  return code;
}

it('what was queued is carried out once by the next process after kill -9', async (t) => {
  const folder = await temporaryFolder(t);
  const accessKey = await prepare(folder);
  const first = await serve(t, folder);
  const client = new ServiceClient(first.url);
  assert.equal(await client.logIn('admin', accessKey), undefined);
  const queue = async (subject: string, queuedelay: number) => {
    const { result, message } = await client.call('create', {
      elementType: 'Orders',
      element: JSON.stringify({ subject }),
      cbwsOptions: JSON.stringify({ launchfromqueue: true, queuedelay }),
    });
    return isJsonObject(result) ? String(result['operationTrackingID']) : assert.fail(message);
  };
  const soon = await Promise.all(Array.from({ length: 20 }, (_, index) => queue(`soon ${index}`, 0)));
  const later = await queue('later', 2);
  await first.end('SIGKILL');

  const second = await serve(t, folder);
  const again = new ServiceClient(second.url);
  assert.equal(await again.logIn('admin', accessKey), undefined);
  for (const id of [...soon, later]) {
    await until(`operation ${id} is carried out`, async () => {
      const { result } = await again.call('getQueuedOperationResult', { operationTrackingID: id });
      return result === UNFINISHED ? undefined : result;
    });
  }
  const { result } = await again.call('query', { query: 'select subject from Orders limit 100;' });
  const subjects = Array.isArray(result) ? result.map((row) => (isJsonObject(row) ? row['subject'] : undefined)) : [];
  assert.equal(subjects.length, 21);
  assert.equal(new Set(subjects).size, 21);
});

it('an operation that ends the process each time is given up after three times, and what waits behind it goes on', async (t) => {
  const folder = await temporaryFolder(t);
  const accessKey = await prepare(folder);
  const clientOf = async ({ url }: { readonly url: string }) => {
    const client = new ServiceClient(url);
    assert.equal(await client.logIn('admin', accessKey), undefined);
    return client;
  };
  const first = await serve(t, folder);
  const client = await clientOf(first);
  const note = 'x'.repeat(1024 * 1024);
  const created = { elementType: 'Orders', element: JSON.stringify({ subject: 'large', note }) };
  assert.equal((await client.call('create', created)).error, undefined);
  const queue = async (operation: string, parameters: Record<string, string>) => {
    const cbwsOptions = JSON.stringify({ launchfromqueue: true, queuedelay: 2 });
    const { operationTrackingID } = await client.object(operation, { ...parameters, cbwsOptions });
    return String(operationTrackingID);
  };
  const greedy = await queue('MassRetrieve', { ids: JSON.stringify(Array.from({ length: 1_000 }, () => '40x1')) });
  const behind = await queue('create', { elementType: 'Orders', element: '{"subject":"behind"}' });
  await first.end('SIGKILL');

  for (let time = 0; time < 3; time++) {
    assert.notEqual(await endOfGreedyServer(folder), 0);
  }

  const last = await serve(t, folder);
  const again = await clientOf(last);
  const answerOf = (id: string) =>
    until(`operation ${id} is answered`, async () => {
      const { result } = await again.call('getQueuedOperationResult', { operationTrackingID: id });
      return result === UNFINISHED ? undefined : Object(JSON.parse(String(result)));
    });
  assert.equal((await answerOf(greedy))['error']['code'], 'OPERATION_ABANDONED');
  assert.equal((await answerOf(behind))['result']['subject'], 'behind');
  assert.match(last.log(), /massretrieve failed/u);
});
