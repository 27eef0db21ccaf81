import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { nativeDocument, productSync } from './documents.ts';
import { hang, openHostilePeer, type HostilePeer } from './hostile-peer.ts';
import { callingPeer } from './install-fixture.ts';
import { until } from './poll.ts';
import { ServedTest } from './served-install.ts';

/** A product sync whose caller waits; nobody waits this long in a test unless something is wrong. */
async function openSync(t: TestContext, wait = 'wait="60s"'): Promise<{ test: ServedTest; peer: HostilePeer }> {
  const peer = await openHostilePeer(t);
  const documents = await productSync((text) =>
    text.replace('<trigger on="create"/>', `<trigger on="create" ${wait}/>`),
  );
  const { settings, secrets } = callingPeer(peer);
  const test = await ServedTest.open(t, documents, settings);
  for (const [name, value] of Object.entries(secrets)) {
    await test.install.administration.setSecret({ name, value, by: 'test' });
  }
  return { test, peer };
}

const BOLT = { elementType: 'Products', element: JSON.stringify({ productname: 'Bolt' }) };

describe('a trigger that makes its caller wait', () => {
  it('answers with the record as its run left it, and tells how the run ended', async (t) => {
    const { test, peer } = await openSync(t);
    const { result, moreinfo } = await test.call('create', BOLT);
    assert.equal((result as Record<string, string>)['remote_id'], [...peer.products.values()][0]);
    assert.deepEqual(moreinfo, { runs: [{ id: 1, workflow: 'product-created', status: 'completed' }] });
    const image = await test.install.crm.create({
      actor: { user: '19x1' },
      module: 'Products',
      element: { productname: 'Nut' },
    });
    assert.deepEqual(image.runs, [{ id: 2, workflow: 'product-created', status: 'completed' }]);
    assert.notEqual(image.values['remote_id'], null);
  });

  it('answers at once when the run begins to wait itself: the save stands, whatever becomes of the run', async (t) => {
    const { test, peer } = await openSync(t);
    peer.misbehave('create', (response) => void response.writeHead(503).end());
    const { result, code, moreinfo } = await test.call('create', BOLT);
    assert.equal(code, undefined);
    assert.equal((result as Record<string, string>)['remote_id'], '');
    assert.deepEqual(moreinfo, { runs: [{ id: 1, workflow: 'product-created', status: 'waiting' }] });
    peer.behave('create');
    assert.equal((await test.allEnded(1))[0]?.status, 'completed');
  });

  it('answers when its time is up, and the run goes on', async (t) => {
    const { test, peer } = await openSync(t, 'wait="300ms"');
    peer.misbehave('create', hang, 1);
    const { moreinfo } = await test.call('create', BOLT);
    assert.deepEqual(moreinfo, { runs: [{ id: 1, workflow: 'product-created', status: 'running' }] });
    peer.behave('create');
    await test.allEnded(1);
  });

  it('answers at once when the server stops', async (t) => {
    const { test, peer } = await openSync(t);
    peer.misbehave('create', hang, 1);
    const answer = test.call('create', BOLT);
    await until('the peer gets the create', () => peer.of('create')[0]);
    const stopped = test.served.stop();
    const { code, moreinfo } = await answer;
    assert.equal(code, undefined);
    assert.deepEqual(moreinfo, { runs: [{ id: 1, workflow: 'product-created', status: 'running' }] });
    peer.behave('create');
    await stopped;
  });

  it('loses nothing when the caller hangs up', async (t) => {
    const { test, peer } = await openSync(t);
    peer.misbehave('create', hang, 1);
    const hangUp = test.callInVain('create', BOLT);
    await until('the peer gets the create', () => peer.of('create')[0]);
    hangUp();
    peer.behave('create');
    assert.equal((await test.allEnded(1))[0]?.status, 'completed');
  });

  it('keeps nobody waiting behind a run that waits for a person', async (t) => {
    const stuck = nativeDocument(
      'workflow',
      'name="stuck" module="Products"',
      '<trigger on="create" wait="60s" when="$number(record.productname) = 1"/><tasks><end id="end"/></tasks>',
    );
    const quick = nativeDocument(
      'workflow',
      'name="quick" module="Products"',
      '<trigger on="update" wait="60s"/><tasks><end id="end"/></tasks>',
    );
    const modules = (await productSync()).filter(({ file }) => file === 'Products.xml');
    const test = await ServedTest.open(t, [...modules, stuck, quick]);
    const { result, moreinfo } = await test.call('create', BOLT);
    assert.deepEqual(moreinfo, { runs: [{ id: 1, workflow: 'stuck', status: 'waiting' }] });
    const id = (result as Record<string, string>)['id'] ?? '';
    const revised = await test.call('revise', { element: JSON.stringify({ id, productname: 'Nut' }) });
    assert.deepEqual(revised.moreinfo, { runs: [{ id: 2, workflow: 'quick', status: 'waiting' }] });
  });

  it('says nothing of runs that nobody waits for', async (t) => {
    const { test } = await openSync(t, '');
    const { moreinfo, result } = await test.call('create', BOLT);
    assert.equal(moreinfo, null);
    assert.equal((result as Record<string, string>)['remote_id'], '');
    await test.allEnded(1);
  });
});
