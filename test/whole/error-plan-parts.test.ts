import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';
import { cut, onCreate, ORDERS, type Reply, ScriptedPeer, shop } from './scripted-peer.ts';

const SEND = '<call method="POST" path="/send" in-doubt="resend"/>';
const map = (inside = '', name = 'send-order') =>
  nativeDocument('map', `name="${name}" module="Orders" service="shop"`, `${SEND}${inside}`);
const onError = (plan: string): string => (plan === '' ? '' : `<on-error>${plan}</on-error>`);

interface Plans {
  readonly task?: string;
  readonly map?: string;
  readonly service?: string;
}

interface Scene extends Plans {
  readonly replies: readonly Reply[];
  readonly after?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly limit?: string;
  readonly documents?: readonly SourceFile[];
}

async function open(t: TestContext, scene: Scene): Promise<{ a: TestInstall; peer: ScriptedPeer }> {
  const peer = await ScriptedPeer.open(t);
  peer.reply('/send', ...scene.replies);
  const a = await TestInstall.open(t, {
    documents: [
      ORDERS,
      shop(peer, `${scene.limit ?? ''}${onError(scene.service ?? '')}`),
      map(onError(scene.map ?? '')),
      onCreate(`<webservice id="send" map="send-order">${onError(scene.task ?? '')}</webservice>${scene.after ?? ''}`),
      ...(scene.documents ?? []),
    ],
    settings: scene.settings ?? {},
  });
  await a.create({ order_no: 'SO-1' }, 'Orders');
  return { a, peer };
}

const soon = (times: number) => `<retry times="${times}" every="20ms"/>`;
const END = '<end id="finish" label="Finish"/><set-fields id="note"><set field="note" value="not sent"/></set-fields>';

describe('the nearest plan counts, element by element', () => {
  it('takes the tries of the service, the people of the map and the abort of the task', async (t) => {
    const plans = { service: soon(2), map: '<notify to="user:admin"/>', task: '<abort to="note"/>' };
    const { a, peer } = await open(t, { ...plans, replies: [500], after: END });
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.handled, peer.of('/send').length], ['completed', true, 3]);
    const notices = stepOf(await a.steps(1), 'send').effects.filter(({ kind }) => kind === 'notice');
    assert.deepEqual(
      notices.map(({ name }) => name),
      ['admin'],
    );
    const handled = await a.install.administration.runs({ limit: 9, handled: true });
    assert.deepEqual(
      handled.map(({ id }) => id),
      [1],
    );
    assert.equal((await a.install.administration.status()).runs.handled, 1);
    assert.deepEqual(await a.install.administration.runs({ limit: 9, handled: false }), []);
  });

  it('can take the tries, the people and the abort away again', async (t) => {
    const service = `${soon(2)}<notify to="user:admin"/>`;
    const task = '<retry times="0"/><notify to="nobody"/><abort to="inbox"/>';
    const { a, peer } = await open(t, { service, task, replies: [500] });
    await a.waiting(1, 'person');
    assert.equal(peer.of('/send').length, 1);
    assert.deepEqual(stepOf(await a.steps(1), 'send').effects, []);
  });

  it('is refused when it leads to a task that the workflow does not have', async (t) => {
    const peer = await ScriptedPeer.open(t);
    const a = await TestInstall.open(t, { documents: [ORDERS] });
    const documents = [
      shop(peer, onError('<abort to="finish"/>')),
      map(),
      onCreate('<webservice id="send" map="send-order"/>'),
    ];
    const report = await a.install.administration.check({ documents });
    assert.deepEqual(
      report.diagnostics.map(({ code, file }) => [code, file]),
      [['TASK_ABORT_UNKNOWN', 'send.xml']],
    );
  });
});

describe('the values of a retry', () => {
  it('may come from settings and expressions, and are worked out at the first failure', async (t) => {
    const task = `<retry times="{setting.tries}" every="{= record.order_no = 'SO-1' ? '20ms' : '5m' }"/>`;
    const { a, peer } = await open(t, { task, replies: [500], settings: { tries: '2' } });
    await a.waiting(1, 'person');
    assert.equal(peer.of('/send').length, 3);
  });

  it('that cannot be worked out leave the run to a person, and say so', async (t) => {
    const task = '<retry times="{setting.tries}" every="20ms"/><notify to="user:admin"/>';
    const { a, peer } = await open(t, { task, replies: [500], settings: { tries: 'many' } });
    await a.waiting(1, 'person');
    assert.equal(peer.of('/send').length, 1);
    const { warnings, effects } = stepOf(await a.steps(1), 'send');
    assert.equal(warnings.length, 1);
    assert.equal(effects.length, 1);
  });

  for (const [what, on, reply, tries] of [
    ['an error code of the other side', 'LOCK_TIMEOUT', { status: 200, body: { ok: false, code: 'LOCK_TIMEOUT' } }, 2],
    ['a code in small letters or digits', 'code:17', { status: 200, body: { ok: false, code: '17' } }, 2],
    ['a code of ours', 'CALL_RESET', cut, 2],
    ['another code', 'LOCK_TIMEOUT', { status: 200, body: { ok: false, code: 'NO' } }, 1],
    ['a status that is not listed', '503', 500, 1],
    ['a class of statuses', '4xx', 404, 2],
  ] as const) {
    it(`are used for ${what} as on="${on}" says`, async (t) => {
      const limit = '<expect when="response.body.ok = true" code="{response.body.code}"/>';
      const task = `<retry times="1" every="20ms" on="${on}"/>`;
      const { a, peer } = await open(t, { task, limit, replies: [reply] });
      await a.waiting(1, 'person');
      assert.equal(peer.of('/send').length, tries);
    });
  }
});

describe('Retry-After', () => {
  it('makes the next try wait as long as was asked, and the wait says so', async (t) => {
    const reply = { status: 429, headers: { 'retry-after': '600' } };
    const { a } = await open(t, { task: soon(1), replies: [reply] });
    const wait = await a.waiting(1, 'time');
    assert.equal((wait.until ?? 0) - wait.since, 600_000);
    assert.match(wait.reason, /10 min/u);
  });

  for (const [limit, ms] of [
    ['', 3_600_000],
    ['<limit retry-after="2h"/>', 7_200_000],
  ] as const) {
    it(`is granted up to ${ms} ms${limit === '' ? '' : ' when the service says so'}`, async (t) => {
      const reply = { status: 503, headers: { 'retry-after': '99999999' } };
      const { a } = await open(t, { task: soon(1), replies: [reply], limit });
      const wait = await a.waiting(1, 'time');
      assert.equal((wait.until ?? 0) - wait.since, ms);
    });
  }
});

describe('an answer that was expected or refused', () => {
  const lookup = nativeDocument(
    'map',
    'name="lookup" module="Orders" service="shop"',
    `<call method="GET" path="/lookup"/><response><expect status="200 404"/><output path="id" field="remote"/></response>`,
  );

  it('with an expected status is no failure, and the status is there for the tasks behind it', async (t) => {
    const peer = await ScriptedPeer.open(t);
    peer.reply('/lookup', { status: 404, body: 'nothing here' });
    const tasks = `<webservice id="look" map="lookup"/>
      <choose id="known"><when jsonata="answer.status = 404"><set-fields id="new">
        <set field="note" template="{answer.task} {answer.status}{answer.code}"/></set-fields></when></choose>`;
    const limit = '<expect when="response.body.ok = true"/>';
    const a = await TestInstall.open(t, { documents: [ORDERS, shop(peer, limit), lookup, onCreate(tasks)] });
    const { id } = await a.create({ order_no: 'SO-1', remote: 'kept' }, 'Orders');
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.handled], ['completed', false]);
    const values = await a.values(id);
    assert.deepEqual([values['note'], values['remote']], ['look 404', 'kept']);
  });

  it('that failed can be read where the abort leads, and in the message, with its secrets as dots', async (t) => {
    const reply = { status: 422, body: { error: { reason: 'too heavy', token: 'tok-secret-1' } } };
    const after = `<end id="finish"/><set-fields id="note"><set field="note"
      template="{answer.task} {answer.status} {answer.code}: {answer.body.error.reason} {answer.body.error.token}"/></set-fields>`;
    const task = '<notify to="user:admin" template="why: {answer.body.error.reason}"/><abort to="note"/>';
    const { a } = await open(t, { task, replies: [reply], after });
    await a.ended(1);
    const [note] = await a.install.administration.notifications({ all: true, limit: 9 });
    assert.match(note?.text ?? '', /^why: too heavy\n/u);
    assert.equal((await a.values('60x1'))['note'], 'send 422 CALL_STATUS: too heavy ••••');
  });

  it('leads round only once: a plan that comes back to what failed ends with a person', async (t) => {
    const { a, peer } = await open(t, {
      task: '<retry times="0"/><abort to="before"/>',
      replies: [500],
      after:
        '<end id="finish"/><set-fields id="before"><set field="note" value="x"/></set-fields><webservice id="second" map="send-order"><on-error><retry times="0"/><abort to="send"/></on-error></webservice>',
    });
    await a.waiting(1, 'person');
    assert.equal(peer.of('/send').length, 3);
  });
});
