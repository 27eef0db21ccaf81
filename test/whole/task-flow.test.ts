import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nativeDocument, productSync } from './documents.ts';
import { answerJson, hang, openHostilePeer } from './hostile-peer.ts';
import { ADMIN, callingPeer, stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const flow = (name: string, trigger: string, tasks: string) =>
  nativeDocument('workflow', `name="${name}" module="Products"`, `${trigger}<tasks>${tasks}</tasks>`);

const SESSION = `<webservice id="challenge" map="peer-challenge" renew="true"/><webservice id="login" map="peer-login" renew="true"/>`;
const LOGOUT = '<webservice id="logout" map="peer-logout" always="true"/>';

/** The shipped documents without their own workflows. */
async function withoutWorkflows() {
  return (await productSync()).filter(({ file }) => !/^product-(?:created|changed)\.xml$/u.test(file));
}

describe('tasks', () => {
  it('set fields, skip what does not hold, and see what earlier tasks wrote', async (t) => {
    const workflow = flow(
      'fill',
      '<trigger on="create"/>',
      `<set-fields id="first">
         <set field="serial_no" template="SN-{record.productname}"/><set field="unit_price" jsonata="2 * 3" type="number"/>
       </set-fields>
       <set-fields id="not"><condition field="unit_price" is="less" value="6"/><set field="serial_no" value="wrong"/></set-fields>
       <set-fields id="second" when="record.unit_price = 6"><set field="description" template="{record.serial_no}!"/></set-fields>`,
    );
    const a = await TestInstall.open(t, { documents: [...(await withoutWorkflows()), workflow] });
    const product = await a.create({ productname: 'Bolt' });
    assert.equal((await a.ended(1)).status, 'completed');
    const values = await a.values(product.id);
    assert.deepEqual([values['serial_no'], values['unit_price'], values['description']], ['SN-Bolt', 6, 'SN-Bolt!']);
    const steps = await a.steps(1);
    assert.deepEqual(
      steps.map(({ task, status }) => [task, status]),
      [
        ['first', 'done'],
        ['not', 'skipped'],
        ['second', 'done'],
      ],
    );
  });

  it('decide a choice once: the branch that writes remote_id is not followed by the one that needs it', async (t) => {
    const peer = await openHostilePeer(t);
    const documents = await productSync((text, file) =>
      file === 'product-created.xml' ? text.replace('module="Products"', 'module="Products" active="false"') : text,
    );
    const a = await TestInstall.open(t, { documents, ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt' });
    await a.revise({ id: product.id, serial_no: 'SN-1' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual([peer.of('create').length, peer.of('revise').length], [1, 0]);
    const known = stepOf(await a.steps(1), 'known');
    assert.deepEqual(known.effects, [{ kind: 'branch', name: 'create', from: 'branch 1' }]);
    await a.revise({ id: product.id, serial_no: 'SN-2' });
    assert.equal((await a.ended(2)).status, 'completed');
    assert.deepEqual([peer.of('create').length, peer.of('revise').length], [1, 1]);
    assert.equal(stepOf(await a.steps(2), 'known').effects[0]?.name, 'update');
  });

  it('end a run as failed after its session was closed', async (t) => {
    const peer = await openHostilePeer(t);
    const workflow = flow(
      'refuse',
      '<trigger on="create"/>',
      `${SESSION}<end id="no" as="failed" label="Not today"/><webservice id="create" map="product-create"/>${LOGOUT}`,
    );
    const a = await TestInstall.open(t, { documents: [...(await withoutWorkflows()), workflow], ...callingPeer(peer) });
    await a.create({ productname: 'Bolt' });
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.failure?.code, run.failure?.task], ['failed', 'RUN_ENDED_FAILED', 'no']);
    assert.equal(run.handled, false);
    assert.deepEqual(peer.of('create'), []);
    assert.equal(stepOf(await a.steps(1), 'logout', 'cleanup').status, 'done');
    assert.equal(peer.openSessions.size, 0);
  });
});

describe('a run that is ended before its time', () => {
  it('by a person while it calls: nothing more is sent but the always tasks', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('login', hang, 1);
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt' });
    await until('the peer gets the login', () => peer.of('login')[0]);
    await a.install.administration.cancel({ id: 1, by: 'admin', reason: 'sold out' });
    peer.behave('login');
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.failure], ['canceled', { code: 'RUN_CANCELED', message: 'sold out' }]);
    assert.deepEqual(peer.of('create'), []);
    assert.equal(peer.openSessions.size, 0);
    assert.equal((await a.values(product.id))['remote_id'], null);
    assert.ok((await a.steps(1)).every(({ status }) => status === 'done' || status === 'failed'));
  });

  it('by a person while it waits: the step is over too, and the lane is free', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', (response) => void response.writeHead(503).end(), 1);
    const documents = await productSync((text) => text.replace('from="200ms" growth="1.5" to="400ms"', 'from="5m"'));
    const a = await TestInstall.open(t, { documents, ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt' });
    await a.waiting(1, 'time');
    await a.revise({ id: product.id, serial_no: 'SN-1' });
    await a.install.administration.cancel({ id: 1, by: 'admin', reason: 'sold out' });
    const runs = await a.allEnded(2);
    assert.deepEqual(
      runs.map(({ status }) => status),
      ['canceled', 'completed'],
    );
    const create = stepOf(await a.steps(1), 'create');
    assert.equal(create.status, 'failed', 'no other try follows');
    assert.equal(peer.openSessions.size, 0);
  });

  it('by the deletion of its record while a step waits for its next try', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', (response) => void response.writeHead(503).end(), 1);
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt' });
    await until('the peer refuses the create', () => peer.of('create')[0]);
    await a.install.crm.delete({ actor: ADMIN, id: product.id });
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.failure?.code], ['canceled', 'RUN_CANCELED']);
    assert.equal(peer.of('create').length, 1, 'a record that is gone is not sent any more');
    assert.equal(stepOf(await a.steps(1), 'create').status, 'failed');
    assert.equal(peer.openSessions.size, 0);
  });

  it('by the deletion of its record during the call whose answer it would write', async (t) => {
    const peer = await openHostilePeer(t);
    const workflow = flow(
      'last-call',
      '<trigger on="create"/>',
      `${SESSION}<webservice id="create" map="product-create"/>`,
    );
    const a = await TestInstall.open(t, {
      documents: [...(await withoutWorkflows()), workflow],
      ...callingPeer(peer),
    });
    const answer = answerJson({ success: true, result: { id: '14x7' } });
    peer.misbehave('create', (response, request) => {
      void a.install.crm.delete({ actor: ADMIN, id: '14x1' }).then(() => answer(response, request));
    });
    await a.create({ productname: 'Bolt' });
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.failure?.code], ['canceled', 'RUN_CANCELED']);
    assert.equal(peer.of('create').length, 1);
  });
});

describe('a person who tries a step again', () => {
  it('has the record as corrected sent', async (t) => {
    const peer = await openHostilePeer(t);
    peer.misbehave('create', answerJson({ success: false, error: { code: 'INVALID_SERIAL' } }), 1);
    const a = await TestInstall.open(t, { documents: await productSync(), ...callingPeer(peer) });
    const product = await a.create({ productname: 'Bolt', serial_no: 'wrong' });
    await a.waiting(1, 'person');
    await a.revise({ id: product.id, serial_no: 'right' });
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    const sent = peer.of('create').map(({ parameters }) => JSON.parse(parameters['element'] ?? '').serial_no as string);
    assert.deepEqual(sent, ['wrong', 'right']);
    assert.equal((await a.values(product.id))['serial_no'], 'right');
  });
});
