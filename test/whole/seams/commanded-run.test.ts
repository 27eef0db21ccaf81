import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { openInstall } from '../../../src/runtime/install.ts';
import { nativeDocument } from '../documents.ts';
import { command, jobIn, openRefused, parkedOrders } from '../inbox-fixture.ts';
import { ADMIN, TestInstall } from '../install-fixture.ts';
import { until } from '../poll.ts';
import { onCreate, ORDERS, ScriptedPeer, shop, silence } from '../scripted-peer.ts';
import { Wheel } from './wheel.ts';

const giver = { by: 'anna', origin: 'test' };

describe('a job that is taken back', () => {
  it('leaves alone what another one has ordered since', async (t) => {
    const { a } = await openRefused(t);
    await parkedOrders(a, 2);
    const { administration } = a.install;
    const first = await administration.commandInbox({ ...giver, filter: {}, command: { kind: 'retry' } });
    await jobIn(a, first.id, 'done');
    await until('both are refused again', async () => {
      const items = await administration.inboxItems({ limit: 9 });
      return items.length === 2 && items.every(({ times }) => times === 2) ? true : undefined;
    });
    // The second one of these is due in a long time.
    const skip = { filter: {}, command: { kind: 'skip' }, perSecond: 0.01 } as const;
    const second = await administration.commandInbox({ ...giver, ...skip });
    await jobIn(a, second.id, 'done');
    await administration.stopInboxJob({ id: first.id, takeBack: true, by: 'anna' });
    const undone = await jobIn(a, first.id, 'undone');
    assert.deepEqual([undone.counts.kept, undone.counts['taken-back']], [2, 0]);
    assert.deepEqual((await administration.inboxItem({ run: 2 })).fits, ['cancel']);
    await administration.stopInboxJob({ id: second.id, takeBack: true, by: 'anna' });
    const { counts } = await jobIn(a, second.id, 'undone');
    assert.equal(counts['taken-back'], 1);
  });
});

describe('a run that is canceled and cannot be worked on', () => {
  it('ends when its documents are gone, and lets the next of its lane go on', async (t) => {
    const { a } = await openRefused(t);
    const { id } = await a.create({ order_no: 'SO-1' }, 'Orders');
    await a.waiting(1, 'person');
    const changed = '<trigger on="update"/><tasks><webservice id="tell" map="tell"/></tasks>';
    await a.apply([nativeDocument('workflow', 'name="later" module="Orders"', changed)]);
    await a.revise({ id, note: 'x' });
    await a.close();
    const db = new Database(join(a.folder, 'mapwright.db'));
    db.prepare('DELETE FROM revision_documents WHERE revision = 1').run();
    db.close();
    await a.reopen({ worker: true });
    await command(a, 1, { kind: 'cancel' });
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.failure?.code], ['canceled', 'RUN_CANCELED']);
    assert.equal((await a.ended(2)).status, 'completed');
    assert.deepEqual(await a.install.administration.inbox({}), []);
  });

  it('ends when its record cannot be read, and leaves no step open', async (t) => {
    const peer = await ScriptedPeer.open(t);
    let answer = (): void => {};
    peer.reply('/orders', (response) => (answer = () => void response.writeHead(503).end()));
    const { state, administration } = await openBreakable(t, peer);
    await until('it is sent', () => peer.of('/orders')[0]);
    state.isBroken = true;
    await administration.cancel({ id: 1, by: 'anna', reason: 'enough' });
    answer();
    const run = await until('it ends', async () => {
      const [one] = await administration.runs({ limit: 1 });
      return one?.endedAt === undefined ? undefined : one;
    });
    assert.equal(run.status, 'canceled');
    const { steps } = await administration.run({ id: 1 });
    assert.deepEqual(
      steps.map(({ status }) => status),
      ['done', 'failed'],
    );
  });
});

const mapOf = (name: string, call: string, inside = '') =>
  nativeDocument('map', `name="${name}" module="Orders" service="shop"`, `<call ${call}</call>${inside}`);
const OUTPUT = '<response><output path="id" field="remote"/></response>';

describe('a run in doubt whose look had failed', () => {
  it('is sent again when somebody has it look once more and nothing is found, though no tries were left', async (t) => {
    const peer = await ScriptedPeer.open(t);
    peer.reply('/send', silence, { status: 200, body: { id: '7' } });
    peer.reply('/find', 500, 404);
    const clock = new Wheel();
    const send = mapOf('send-order', 'method="POST" path="/send"><timeout total="300ms"/><look map="find"/>', OUTPUT);
    const find = mapOf('find', 'method="GET" path="/find">', OUTPUT);
    const task = '<webservice id="send" map="send-order"><on-error><retry times="0"/></on-error></webservice>';
    const a = await TestInstall.open(t, { documents: [ORDERS, shop(peer), send, find, onCreate(task)], clock });
    await a.create({ order_no: 'SO-1' }, 'Orders');
    const { until: end = 0 } = await a.waiting(1, 'time');
    clock.turn(Math.max(0, end - clock.now()) + 1);
    await a.install.engine.dispatcher.kick([{ run: 1 }]);
    await a.waiting(1, 'person');
    await command(a, 1, { kind: 'retry' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual([peer.of('/send').length, peer.of('/find').length], [2, 2]);
  });
});

describe('a run that goes on with another revision while its session is opened anew', () => {
  it('leaves out the opening tasks that are not there any more', async (t) => {
    const peer = await ScriptedPeer.open(t);
    peer.reply('/send', { status: 503 });
    const clock = new Wheel();
    const login = mapOf(
      'login',
      'method="GET" path="/login">',
      '<response><output path="id" context="session"/></response>',
    );
    peer.reply('/login', { status: 200, body: { id: 'S-1' } });
    const send = mapOf('send-order', 'method="PUT" path="/send">');
    const away = shop(peer, '<breaker failures="1"/><on-error><retry times="5" every="1s"/></on-error>');
    const tasks = (opening: string) =>
      `<webservice id="${opening}" map="login" renew="true"/><webservice id="send" map="send-order"/>`;
    const documents = [ORDERS, away, login, send, onCreate(tasks('login'))];
    const a = await TestInstall.open(t, { documents, clock });
    await a.create({ order_no: 'SO-1' }, 'Orders');
    await a.waiting(1, 'time');
    clock.turn(1_001);
    // Somebody else looks whether the shop answers: this run waits before it logs in again.
    const { state } = (await a.install.administration.destinations())[0] ?? {};
    assert.equal(state?.kind, 'open');
    await a.install.administration.holdDestination({ name: 'shop', reason: 'test', by: 'anna' });
    await a.install.engine.dispatcher.kick([{ run: 1 }]);
    await a.waiting(1, 'limit');
    await a.apply([onCreate(tasks('sign-in'))]);
    peer.reply('/send', 200);
    await command(a, 1, { kind: 'retry', revision: 'latest' });
    await a.install.administration.releaseDestination({ name: 'shop', by: 'anna' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal(peer.of('/login').length, 1);
  });
});

/** An install with a run under way, whose records cannot be read from the time on that says so. */
async function openBreakable(t: Parameters<typeof openRefused>[0], peer: ScriptedPeer) {
  const map = nativeDocument(
    'map',
    'name="send-order" module="Orders" service="shop"',
    '<call method="GET" path="/orders"/>',
  );
  const close = nativeDocument('map', 'name="close" service="shop"', '<call method="GET" path="/close"/>');
  const tasks = `<webservice id="open" map="close"/><webservice id="send" map="send-order"/><webservice id="close" map="close" always="true"/>`;
  const a = await TestInstall.open(t, { documents: [ORDERS, shop(peer), map, close, onCreate(tasks)], worker: false });
  const { folder } = a;
  await a.close();
  const state = { isBroken: false };
  const opened = await openInstall({
    folder,
    env: {},
    withStore: (store) => ({
      ...store,
      records: {
        ...store.records,
        read: (...record) => (state.isBroken ? Promise.reject(new Error('unreadable')) : store.records.read(...record)),
      },
    }),
  });
  t.after(() => opened.close(0));
  await opened.startWorker();
  await opened.crm.create({ actor: ADMIN, module: 'Orders', element: { order_no: 'SO-1' } });
  return { state, administration: opened.administration };
}
