import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Step } from '../../src/core/step.ts';
import { productSync, publishedSync } from './documents.ts';
import { answerJson, type HostilePeer, type Misbehaviour, openHostilePeer } from './hostile-peer.ts';
import { callingPeer, stepOf, TestInstall } from './install-fixture.ts';

interface BadAnswer {
  readonly what: string;
  readonly act: Misbehaviour;
  readonly code: string;
}

const BAD_ANSWERS: readonly BadAnswer[] = [
  {
    what: 'status 500',
    act: (response) => void response.writeHead(500, { 'content-type': 'text/plain' }).end('out of order'),
    code: 'CALL_STATUS',
  },
  {
    what: 'HTML with status 200',
    act: (response) => void response.setHeader('content-type', 'text/html').end('<html><h1>Welcome</h1></html>'),
    code: 'CALL_UNREADABLE',
  },
  {
    what: 'success:false',
    act: answerJson({ success: false, error: { code: 'ACCESS_DENIED', message: 'not for you' } }),
    code: 'CALL_EXPECTATION',
  },
  {
    what: 'a redirect',
    act: (response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
    code: 'CALL_REDIRECT',
  },
  {
    what: 'a body that is cut off',
    act: (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"success":true,"result":{"id":"14x', () => response.destroy());
    },
    code: 'CALL_CUT_OFF',
  },
  { what: 'a body without end', act: answerForEver, code: 'CALL_TOO_LARGE' },
  { what: 'an empty body', act: (response) => void response.end(), code: 'CALL_UNREADABLE' },
];

/** Answers that the two dialects judge by rules of their own. */
const JUDGED_APART: readonly (Omit<BadAnswer, 'code'> & { readonly native: string; readonly corebos: string })[] = [
  { what: 'a JSON list', act: answerJson([{ id: '14x9' }]), native: 'CALL_EXPECTATION', corebos: 'CALL_UNREADABLE' },
  {
    what: 'an object where the id should be',
    act: answerJson({ success: true, result: { id: { value: '14x9' } } }),
    native: 'OUTPUT_TYPE',
    corebos: 'OUTPUT_TYPE',
  },
];

function answerForEver(response: Parameters<Misbehaviour>[0]): void {
  response.setHeader('content-type', 'application/json');
  const chunk = ' '.repeat(256 * 1024);
  const pour = (): void => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', pour);
  };
  pour();
}

const KEPT = { description: 'words of a person', serial_no: 'SN-1' };

async function openNative(t: TestContext, peer: HostilePeer): Promise<TestInstall> {
  // The test gives remote_id a value of its own, to see that no failed answer touches it.
  // Retries come late, so that one try is all there is to see.
  const documents = await productSync((text) =>
    text
      .replace(' read-only="true"', '')
      .replace('from="200ms" growth="1.5" to="400ms"', 'from="5m" growth="2" to="15m"'),
  );
  return TestInstall.open(t, { documents, ...callingPeer(peer) });
}

async function openPublished(t: TestContext, peer: HostilePeer): Promise<TestInstall> {
  return TestInstall.open(t, { documents: await publishedSync(peer) });
}

/** Sends a new product to the peer, sees how the run ends up, and that nothing of the product changed. */
async function failedCreate(a: TestInstall, fields: Readonly<Record<string, string>>): Promise<Step> {
  const product = await a.create({ productname: 'Bolt', ...fields });
  const run = await a.reached(
    1,
    'waits or has ended',
    ({ wait, endedAt }) => wait !== undefined || endedAt !== undefined,
  );
  assert.ok(['running', 'failed'].includes(run.status), run.status);
  assert.deepEqual(await a.values(product.id), product.values);
  const step = stepOf(await a.steps(1), 'create');
  if (run.status === 'failed') {
    assert.equal(step.status, 'failed');
    assert.equal(run.failure?.code, step.failure?.code);
  } else {
    assert.equal(step.status, run.wait?.for === 'person' ? 'failed' : 'waiting');
    assert.match(run.wait?.reason ?? '', new RegExp(`^create: ${step.failure?.code} `, 'u'));
  }
  return step;
}

/** Request and answer are kept, and the session's name is in neither. */
function checkHistory(step: Step, peer: HostilePeer): void {
  const [attempt, ...more] = step.attempts;
  assert.deepEqual(more, []);
  assert.equal(attempt?.request?.method, 'POST');
  assert.match(attempt.request.body?.text ?? '', /operation=create/u);
  assert.ok(attempt.answer !== undefined, 'no answer is kept');
  const kept = JSON.stringify(step);
  for (const secret of peer.handedOut) assert.equal(kept.includes(secret), false);
}

for (const [dialect, open, fields] of [
  ['native', openNative, { ...KEPT, remote_id: '14x1' }],
  ['corebos', openPublished, KEPT],
] as const) {
  describe(`${dialect} maps: an answer to the create that is no success`, () => {
    const apart = JUDGED_APART.map((answer) => ({ ...answer, code: answer[dialect] }));
    for (const { what, act, code } of [...BAD_ANSWERS, ...apart]) {
      it(`${what} fails the step, is kept, and changes no field`, async (t) => {
        const peer = await openHostilePeer(t);
        peer.misbehave('create', act);
        const a = await open(t, peer);
        const step = await failedCreate(a, fields);
        assert.equal(step.failure?.code, code);
        checkHistory(step, peer);
      });
    }
  });
}

describe('a wrong access key', () => {
  it('waits for a person, says why, and is mended by the right one', async (t) => {
    const peer = await openHostilePeer(t);
    const a = await TestInstall.open(t, {
      documents: await productSync(),
      ...callingPeer({ url: peer.url, key: 'wrong-key' }),
    });
    const product = await a.create({ productname: 'Bolt' });
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /^login: CALL_EXPECTATION INVALID_USER_CREDENTIALS/u);
    assert.equal(stepOf(await a.steps(1), 'login').status, 'failed');
    await a.install.administration.setSecret({ name: 'head_office_key', value: peer.key, by: 'test' });
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values(product.id))['remote_id'], [...peer.products.values()][0]);
    assert.equal(stepOf(await a.steps(1), 'login').attempts.length, 2);
  });

  it('stops the published maps too before anything is sent', async (t) => {
    const peer = await openHostilePeer(t);
    const a = await TestInstall.open(t, { documents: await publishedSync({ url: peer.url, key: 'wrong-key' }) });
    await a.create({ productname: 'Bolt' });
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /^login: CALL_EXPECTATION INVALID_USER_CREDENTIALS/u);
    assert.deepEqual(peer.of('create'), []);
  });
});
