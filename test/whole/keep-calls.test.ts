import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { productSync } from './documents.ts';
import { answerJson, hang, type HostilePeer, type Misbehaviour, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

/** Stands in the answer of a try that fails, and not in what is said of the failure. */
const DETAIL = 'the shelves are being counted';

const busy: Misbehaviour = (response, request) => {
  response.statusCode = 503;
  answerJson({ success: false, error: { code: 'BUSY' }, detail: DETAIL })(response, request);
};

async function openPair(t: TestContext, keep: string): Promise<{ a: TestInstall; peer: HostilePeer }> {
  const peer = await openHostilePeer(t);
  const documents = await productSync((text) => text.replace('<workflow ', `<workflow keep-calls="${keep}" `));
  return { a: await TestInstall.open(t, { documents, ...callingPeer(peer) }), peer };
}

/** Each try of the task: what its answer said, and how much of the call is kept. */
async function triesOf(a: TestInstall, run: number, task: string): Promise<unknown[]> {
  return stepOf(await a.steps(run), task).attempts.map(({ request, answer, failure }) => ({
    isRequestKept: request !== undefined,
    isBodyKept: answer?.body !== undefined,
    areHeadersKept: (answer?.headers.length ?? 0) > 0,
    status: answer?.status,
    hasFailed: failure !== undefined,
  }));
}

const KEPT = { isRequestKept: true, isBodyKept: true, areHeadersKept: true };
const NOT_KEPT = { isRequestKept: false, isBodyKept: false, areHeadersKept: false };

describe('keep-calls', () => {
  for (const { keep, failed, good } of [
    { keep: 'full', failed: KEPT, good: KEPT },
    { keep: 'failures', failed: KEPT, good: NOT_KEPT },
    { keep: 'none', failed: NOT_KEPT, good: NOT_KEPT },
  ]) {
    it(`${keep}: says of each try what came of it, and keeps of its call what the workflow says`, async (t) => {
      const { a, peer } = await openPair(t, keep);
      peer.misbehave('create', busy, 1);
      const product = await a.create({ productname: 'Bolt' });
      assert.equal((await a.ended(1)).status, 'completed');
      assert.equal((await a.values(product.id))['remote_id'], '14x100');
      assert.deepEqual(await triesOf(a, 1, 'create'), [
        { ...failed, status: 503, hasFailed: true },
        { ...good, status: 200, hasFailed: false },
      ]);
      assert.equal(JSON.stringify(await a.steps(1)).includes(DETAIL), keep !== 'none');
    });
  }

  it('failures: shows what was sent when nobody knows whether it came', async (t) => {
    const { a, peer } = await openPair(t, 'failures');
    peer.misbehave('create', hang);
    await a.create({ productname: 'Bolt' });
    await until('the peer gets the create', () => peer.of('create')[0]);
    await a.close();
    await a.reopen({ worker: false });
    assert.match(stepOf(await a.steps(1), 'create').attempts[0]?.request?.body?.text ?? '', /operation=create/u);
  });

  it('none: a step whose try was cut off is sent again as it was, under its key', async (t) => {
    const { a, peer } = await openPair(t, 'none');
    peer.misbehave('create', hang, 1);
    const product = await a.create({ productname: 'Bolt' });
    await until('the peer gets the create', () => peer.of('create')[0]);
    await a.close();
    await a.reopen({ worker: true });
    assert.equal((await a.ended(1)).status, 'completed');
    const [first, second] = peer
      .of('create')
      .map(({ parameters }) => [parameters['element'], parameters['cbwsOptions']]);
    assert.deepEqual(first, second);
    assert.equal((await a.values(product.id))['remote_id'], '14x100');
    assert.equal(peer.products.size, 1);
  });
});
