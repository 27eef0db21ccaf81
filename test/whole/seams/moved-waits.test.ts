import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Install, openInstall } from '../../../src/runtime/install.ts';
import { moveInstall } from '../../../src/runtime/move-install.ts';
import { dropDatabase, emptyDatabase } from '../../store/postgres-cluster.ts';
import { nativeDocument } from '../documents.ts';
import { command } from '../inbox-fixture.ts';
import { TestInstall } from '../install-fixture.ts';
import { until } from '../poll.ts';
import { onCreate, ORDERS, ScriptedPeer, shop } from '../scripted-peer.ts';

const mapOf = (name: string, service: string, path: string) =>
  nativeDocument(
    'map',
    `name="${name}" module="Orders" service="${service}"`,
    `<call method="POST" path="${path}"/>
     <parameters><parameter name="no" in="path" field="order_no"/><parameter name="code" context="code" default="none"/></parameters>
     <response><output path="ticket" context="ticket" optional="true" sensitive="true"/></response>`,
  );

const documents = (peer: ScriptedPeer) => [
  ORDERS,
  shop(peer),
  nativeDocument('service', `name="dock" url="${peer.url}"`, ''),
  mapOf('send-order', 'shop', '/send/{no}'),
  mapOf('dock-order', 'dock', '/dock/{no}'),
  mapOf('later', 'shop', '/later/{no}'),
  onCreate(
    `<webservice id="dock" map="dock-order" when="record.order_no = 'limit'"/>
     <webservice id="send" map="send-order"><on-error><retry times="5" every="1h"/><notify to="user:admin" map="pager"/></on-error></webservice>`,
    'on-create',
  ),
  nativeDocument(
    'map',
    'name="pager" service="shop"',
    '<call method="POST" path="/pager"/><parameters><parameter name="said" template="{input.text}"/></parameters>',
  ),
  nativeDocument(
    'workflow',
    'name="on-update" module="Orders" when-waiting="pass"',
    '<trigger on="update"/><tasks><webservice id="later" map="later"/></tasks>',
  ),
  nativeDocument(
    'workflow',
    'name="nightly" module="Orders"',
    '<trigger on="schedule" every="1h"><condition field="order_no" is="equal" value="nothing"/></trigger><tasks><webservice id="later" map="later"/></tasks>',
  ),
];

/** Orders by their number, and what their runs come to wait for. */
const WAITS = {
  time: 'time',
  person: 'person',
  doubt: 'person',
  limit: 'limit',
  ordered: 'person',
  job: 'person',
} as const;

describe('an install that is moved to PostgreSQL with runs in every kind of wait', () => {
  it('goes on there with each of them, on two nodes', async (t) => {
    const peer = await ScriptedPeer.open(t);
    peer.reply('/send/time', 503, 200);
    peer.reply('/send/doubt', (response) => void response.destroy());
    for (const number of ['person', 'ordered', 'job'])
      peer.reply(`/send/${number}`, 400, { status: 200, body: { ticket: 'hidden' } });
    peer.reply('/pager', 503);
    const a = await TestInstall.open(t, { documents: documents(peer) });
    const { administration } = a.install;
    await administration.holdDestination({ name: 'dock', reason: 'moving', by: 'anna' });
    const numbers = Object.keys(WAITS) as (keyof typeof WAITS)[];
    for (const order_no of numbers) await a.create({ order_no }, 'Orders');
    for (const [index, number] of numbers.entries()) await a.waiting(1 + index, WAITS[number]);
    // One behind another in a lane; then what comes while nobody works.
    await a.revise({ id: '60x2', note: 'changed' });
    await a.waiting(7, 'lane');
    await administration.pauseSchedule({ name: 'nightly', by: 'anna' });
    await a.close();
    await a.reopen({ worker: false });
    await a.create({ order_no: 'pending' }, 'Orders');
    await command(a, 5, { kind: 'retry', context: { set: { code: 'C-7', ticket: 'hidden too' } } });
    const giver = { by: 'anna', origin: 'test' };
    const job = await a.install.administration.commandInbox({
      ...giver,
      filter: { runs: [2, 6] },
      command: { kind: 'retry', context: { set: { code: 'C-8' } } },
    });
    await a.close();

    const database = await emptyDatabase();
    const nodes: Install[] = [];
    t.after(async () => {
      for (const node of nodes) await node.close(0);
      await dropDatabase(database);
    });
    const own = { folder: a.folder, database, env: {} };
    await moveInstall({ ...own, place: 'there', now: Date.now(), onTable: () => undefined });
    for (let node = 0; node < 2; node++) nodes.push(await openInstall(own));
    const [first] = nodes;
    assert.ok(first !== undefined);
    for (const node of nodes) await node.startWorker();
    const done = await until('the job is done', async () => {
      const now = await first.administration.inboxJob({ id: job.id, limit: 9 });
      return now.state === 'done' ? now : undefined;
    });
    assert.equal(done.counts.applied, 2);
    await first.administration.releaseDestination({ name: 'dock', by: 'anna' });
    await first.administration.commandRun({ ...giver, run: 3, command: { kind: 'done' } });
    const waits = (await first.administration.run({ id: 1 })).run.wait;
    assert.deepEqual([waits?.for, (waits?.until ?? 0) > Date.now()], ['time', true]);
    await first.administration.commandRun({ ...giver, run: 1, command: { kind: 'retry' } });
    await until('all runs complete', async () => {
      const { runs } = await first.administration.status();
      return runs.completed === 8 ? true : undefined;
    });
    const sent = (path: string) => peer.of(path).map(({ body }) => (JSON.parse(body) as { code: string }).code);
    assert.deepEqual(sent('/send/ordered'), ['none', 'C-7']);
    assert.deepEqual([sent('/send/person').at(-1), sent('/send/job').at(-1)], ['C-8', 'C-8']);
    assert.deepEqual([sent('/send/doubt').length, sent('/dock/limit').length, sent('/later/person').length], [1, 1, 1]);
    const [nightly] = await first.administration.schedules();
    assert.equal(nightly?.paused?.by, 'anna');
    assert.deepEqual(await first.administration.inbox({}), []);
    const keys = peer.of('/send/time').map(({ headers }) => headers['idempotency-key']);
    assert.equal(new Set(keys).size, 1);
  });
});
