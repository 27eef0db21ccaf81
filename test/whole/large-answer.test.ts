import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RecordedBody } from '../../src/core/step.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';
import { onCreate, ORDERS, ScriptedPeer, shop, silence } from './scripted-peer.ts';

const KIB = 1024;
const SECRET = 'a-key-that-only-the-other-side-knows';
/** The secret lies across the end of what is recorded, and is read as a sensitive output. */
const START = `{"id":"7","total":1,"note":"${'x'.repeat(64 * KIB - 60)}","hidden":"`;
const LARGE = `${START}${SECRET}","filling":"${'y'.repeat(3_000 * KIB)}"}`;

const OUTPUTS = `<response><output path="id" field="remote"/>
  <output path="hidden" context="hidden" sensitive="true" optional="true"/></response>`;
const call = (name: string, path: string, inside = '') =>
  nativeDocument(
    'map',
    `name="${name}" module="Orders" service="shop"`,
    `<call method="GET" path="${path}">${inside}</call>${OUTPUTS}`,
  );
const ONCE = '<on-error><retry times="0"/><notify to="user:admin"/><abort to="end"/></on-error>';
const TASK = `<webservice id="send" map="send-order">${ONCE}</webservice><end id="end"/>`;

async function opened(t: TestContext, documents: readonly ReturnType<typeof call>[]) {
  const peer = await ScriptedPeer.open(t);
  for (const path of ['/send', '/find']) peer.reply(path, { status: 200, body: LARGE });
  const a = await TestInstall.open(t, { documents: [ORDERS, shop(peer), onCreate(TASK), ...documents] });
  return { a, peer };
}

/** The start of the answer, byte by byte, and nothing of the secret. */
function checkRecorded(body: RecordedBody | undefined): void {
  assert.deepEqual([body?.bytes, body?.cut], [LARGE.length, true]);
  assert.ok(body?.text.startsWith(START) === true, 'the start is not as it came');
  assert.equal(body.text.includes(SECRET.slice(0, 10)), false);
}

describe('a large answer', () => {
  it('is read apart, and history has its start, without a secret that it brought', async (t) => {
    const { a } = await opened(t, [call('send-order', '/send')]);
    for (const [index, order_no] of ['SO-1', 'SO-2', 'SO-3'].entries()) {
      await a.create({ order_no }, 'Orders');
      assert.equal((await a.ended(index + 1)).status, 'completed');
      checkRecorded(stepOf(await a.steps(index + 1), 'send').attempts[0]?.answer?.body);
      assert.equal((await a.values(`60x${index + 1}`))['remote'], '7');
    }
  });

  it('of a look is read as often as it is asked about', async (t) => {
    const look = '<timeout total="300ms"/><look map="find-order" found="response.body.total = 1"/>';
    const { a, peer } = await opened(t, [call('send-order', '/send', look), call('find-order', '/find')]);
    peer.reply('/send', silence);
    await a.create({ order_no: 'SO-1' }, 'Orders');
    await a.reached(1, 'looks', ({ wait, endedAt }) => wait !== undefined || endedAt !== undefined);
    await a.install.administration.retry({ id: 1, by: 'admin' }).catch(() => undefined);
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values('60x1'))['remote'], '7');
    const found = (await a.steps(1)).find(({ purpose }) => purpose === 'look');
    checkRecorded(found?.attempts.at(-1)?.answer?.body);
  });
});
