import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { nativeDocument, productSync } from './documents.ts';
import { openHostilePeer } from './hostile-peer.ts';
import { callingPeer, TestInstall } from './install-fixture.ts';

const TRACKS = `<track name="product" field="productname"/>
  <track name="remote" field="remote_id"/>
  <track name="both" template="{record.productname}/{record.serial_no}"/>
  <track name="token" context="peer_token"/>
  <track name="hidden" jsonata="'user ' &amp; context.peer_token"/>
  <track name="inside" jsonata="$lookup(context, 'peer_token')"/>
  <track name="broken" jsonata="$number(record.productname)"/>`;

async function openTracked(t: TestContext, worker = true): Promise<TestInstall> {
  const peer = await openHostilePeer(t);
  const documents = await productSync((text) =>
    text.replace('<trigger on="create"/>', `<trigger on="create"/>${TRACKS}`),
  );
  return TestInstall.open(t, { documents, ...callingPeer(peer), worker });
}

async function found(a: TestInstall, key: { name?: string; value: string }): Promise<readonly number[]> {
  return (await a.install.administration.runs({ limit: 9, key })).map(({ id }) => id);
}

describe('business keys', () => {
  it('are there from the acceptance on when they are fields of the record', async (t) => {
    const a = await openTracked(t, false);
    await a.create({ productname: 'Bolt', serial_no: 'SN-1' });
    assert.deepEqual((await a.runs())[0]?.keys, { product: 'Bolt' });
    assert.deepEqual(await found(a, { name: 'product', value: 'Bolt' }), [1]);
  });

  it('follow what the run writes, never show what is confidential, and fail no run', async (t) => {
    const a = await openTracked(t);
    const product = await a.create({ productname: 'Bolt', serial_no: 'SN-1' });
    const run = await a.ended(1);
    assert.equal(run.status, 'completed');
    const remote = (await a.values(product.id))['remote_id'];
    assert.deepEqual(run.keys, {
      product: 'Bolt',
      remote,
      both: 'Bolt/SN-1',
      token: '••••',
      hidden: '••••',
      inside: '••••',
    });
    assert.deepEqual(await found(a, { value: String(remote) }), [1]);
    assert.deepEqual(await found(a, { name: 'product', value: String(remote) }), []);
  });

  it('are taken from the context that a run is started with, and can be a literal', async (t) => {
    const workflow = nativeDocument(
      'workflow',
      'name="batch"',
      `<trigger on="manual"/><track name="batch" context="batch.id"/><track name="what" value="nightly"/>
       <track name="none" context="nothing"/><tasks><end id="end"/></tasks>`,
    );
    const a = await TestInstall.open(t, { documents: [workflow] });
    const context = { batch: { id: 42 } };
    await a.install.administration.start({ workflow: 'batch', context, by: 'admin', waitMs: 20_000 });
    assert.deepEqual((await a.ended(1)).keys, { batch: '42', what: 'nightly' });
  });
});
