import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Administration } from '../../src/runtime/administration.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { connectControl } from '../../src/server/control/control-client.ts';
import { serve, temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string"/><field name="status" label="Status" type="string"/>`,
);
const WON = nativeDocument(
  'workflow',
  'name="won" module="Orders"',
  `<trigger on="first-true"><condition field="status" is="equal" value="Won"/></trigger>
   <tasks><end id="end"/></tasks>`,
);
const COUNT = 40;

async function owned<T>(folder: string, work: (administration: Administration) => Promise<T>): Promise<T> {
  const install = await openInstall({ folder, env: {} });
  try {
    return await work(install.administration);
  } finally {
    await install.close();
  }
}

it('a trigger that fires once has fired once for each record after kill -9 in the middle of many saves', async (t) => {
  const folder = await temporaryFolder(t);
  const ids = await owned(folder, async (administration) => {
    await administration.apply({ documents: [ORDERS, WON], prune: false, dryRun: false, by: 'test' });
    const orders = Array.from({ length: COUNT }, (_, index) =>
      administration.createRecord({ module: 'Orders', values: { subject: `order ${index}`, status: 'Open' } }),
    );
    return (await Promise.all(orders)).map(({ id }) => id);
  });
  const server = await serve(t, folder);
  const client = (await connectControl(folder)) ?? assert.fail('no server');
  const { promise: killed, resolve } = Promise.withResolvers<unknown>();
  let answered = 0;
  const saves = ids.flatMap((id) =>
    ['first', 'second'].map(async (subject) => {
      await client.changeRecord({ id, values: { status: 'Won', subject } });
      if (++answered === COUNT) resolve(server.end('SIGKILL'));
    }),
  );
  const results = await Promise.allSettled(saves);
  assert.ok(results.some(({ status }) => status === 'fulfilled'));
  await killed;
  await owned(folder, async (administration) => {
    for (const id of ids) {
      await administration.changeRecord({ id, values: { status: 'Won' } });
      await administration.changeRecord({ id, values: { subject: 'third' } });
    }
    const runs = await administration.runs({ workflow: 'won', limit: 10 * COUNT });
    assert.deepEqual(runs.map(({ recordId }) => recordId ?? '').toSorted(), ids.toSorted());
  });
});
