import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isJsonObject } from '../../src/core/json.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { serve, temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';
import { ServiceClient } from './webservice-client.ts';

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string"/>`,
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
