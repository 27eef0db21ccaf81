import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Delivery } from '../../src/core/delivery.ts';
import { MailServer } from '../connector/mail-server.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';
import { onCreate, ORDERS, ScriptedPeer, shop } from './scripted-peer.ts';

const SEND = nativeDocument(
  'map',
  'name="send-order" module="Orders" service="shop"',
  '<call method="POST" path="/send"/>',
);
const PAGER = nativeDocument(
  'map',
  'name="pager" module="Orders" service="shop"',
  `<call method="POST" path="/pager" body="json"/><parameters>
     <parameter name="said" template="{input.text}"/><parameter name="order" field="order_no"/>
     <parameter name="who" jsonata="input.to.user" type="array"/><parameter name="code" input="answer.code"/>
   </parameters>`,
);

interface Scene {
  readonly notify: string;
  readonly server?: MailServer;
  readonly settings?: Readonly<Record<string, string>>;
  readonly email?: string;
}

async function open(t: TestContext, scene: Scene): Promise<{ a: TestInstall; peer: ScriptedPeer }> {
  const { notify, server, settings = {}, email = 'anna@example.com' } = scene;
  const peer = await ScriptedPeer.open(t);
  peer.reply('/send', 400);
  const task = `<webservice id="send" map="send-order"><on-error><retry times="0"/>${notify}<abort to="end"/></on-error></webservice>`;
  const a = await TestInstall.open(t, {
    documents: [ORDERS, shop(peer), SEND, PAGER, onCreate(`${task}<end id="end"/>`)],
    settings: {
      ...(server === undefined ? {} : { smtp_url: server.url, smtp_from: 'CRM <crm@example.com>' }),
      ...settings,
    },
  });
  await a.install.administration.addUser({ name: 'anna', admin: false, ...(email === '' ? {} : { email }) });
  return { a, peer };
}

const order = (a: TestInstall, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => a.create({ order_no: `SO-${n + 1}` }, 'Orders')));

async function delivered(a: TestInstall, run: number, state: Delivery['state']): Promise<Delivery> {
  return until(`a notice of run ${run} is ${state}`, async () =>
    (await a.details(run)).deliveries?.find((one) => one.state === state),
  );
}

const messageIds = (server: MailServer) => server.taken.map(({ text }) => /^Message-ID: (.*)\r$/imu.exec(text)?.[1]);

describe('a notice by mail', () => {
  it('reaches the people of the plan, whatever becomes of the run', async (t) => {
    const server = await MailServer.open(t);
    const { a } = await open(t, { server, notify: '<notify to="user:anna" by="app mail" template="See to it"/>' });
    await order(a, 1);
    assert.equal((await a.ended(1)).handled, true);
    await delivered(a, 1, 'sent');
    assert.deepEqual(server.only.to, ['anna@example.com']);
    assert.match(server.only.text, /^Subject: run 1 of send failed at send\r$/mu);
    assert.match(server.only.text, /See to it\r\n.*CALL_STATUS/su);
    assert.equal((await a.install.administration.notifications({ all: true, limit: 9 })).length, 1);
  });

  it('that fails is tried again, also by another process, under the same Message-ID, and is told with the run', async (t) => {
    const server = await MailServer.open(t);
    let now = Date.now();
    server.conduct.push(451, 'drop');
    const { a } = await open(t, { server, notify: '<notify to="user:anna" by="mail"/>' });
    await order(a, 1);
    assert.equal((await a.ended(1)).status, 'completed');
    const waiting = await until('the first try fails', async () =>
      (await a.details(1)).deliveries?.find(({ problem }) => problem !== undefined),
    );
    assert.match(waiting.problem ?? '', /^MAIL_DEFERRED /u);
    now = waiting.dueAt ?? now;
    await a.close();
    await a.reopen({ worker: true, clock: { now: () => now + 1 } });
    await until('the second try fails', async () =>
      (await a.details(1)).deliveries?.find(({ attempts, dueAt = 0 }) => attempts === 2 && dueAt < now + 100_000),
    );
    now += 100_000;
    assert.equal((await delivered(a, 1, 'sent')).attempts, 3);
    assert.equal(server.arrived, 3);
    assert.equal(messageIds(server).length, 1);
    assert.deepEqual((await a.details(1)).run.failure, undefined);
  });

  it('that nobody can take is given up and read in the product instead', async (t) => {
    const server = await MailServer.open(t);
    server.conduct.push(550);
    const { a } = await open(t, { server, notify: '<notify to="user:anna" by="mail"/>' });
    await order(a, 1);
    await delivered(a, 1, 'failed');
    const told = await until('anna is told', async () => {
      const all = await a.install.administration.notifications({ all: true, limit: 9 });
      return all.length === 1 ? all : undefined;
    });
    assert.match(told[0]?.text ?? '', /MAIL_REFUSED/u);
  });

  it('to somebody without an address goes into the product, and the step says so', async (t) => {
    const { a } = await open(t, { email: '', notify: '<notify to="user:anna" by="mail"/>' });
    await order(a, 1);
    await a.ended(1);
    assert.deepEqual((await a.details(1)).deliveries, []);
    assert.equal((await a.install.administration.notifications({ all: true, limit: 9 })).length, 1);
    assert.match(stepOf(await a.steps(1), 'send').effects[0]?.from ?? '', /no e-mail address/u);
  });

  it('of the same cause is sent a few times in an hour, then all others together', async (t) => {
    const server = await MailServer.open(t);
    let now = Date.now();
    const settings = { notify_per_hour: '2', notify_by: 'mail' };
    const { a } = await open(t, { server, settings, notify: '<notify to="user:anna"/>' });
    await order(a, 30);
    await a.allEnded(30);
    // Known to be sent: what was only taken when the process ends is sent again.
    await until('two are sent and the others held', async () => {
      const details = await Promise.all(Array.from({ length: 30 }, (_, n) => a.details(n + 1)));
      const all = details.flatMap(({ deliveries = [] }) => deliveries);
      const sent = all.filter(({ state }) => state === 'sent').length;
      return sent === 2 && all.filter(({ isHeld }) => isHeld).length === 28 ? true : undefined;
    });
    assert.equal(server.taken.length, 2);
    await a.close();
    now += 3_700_000;
    await a.reopen({ worker: true, clock: { now: () => now } });
    await until('the digest comes', () => (server.taken.length === 3 ? true : undefined));
    assert.match(server.taken[2]?.text ?? '', /^Subject: 28 more: /mu);
    assert.equal(new Set(messageIds(server)).size, 3);
  });
});

describe('a notice through a map', () => {
  it('is a call with who and what, and its failure does the run no harm', async (t) => {
    const { a, peer } = await open(t, { notify: '<notify to="user:anna" map="pager" template="Help"/>' });
    peer.reply('/pager', 500);
    await order(a, 1);
    assert.deepEqual([(await a.ended(1)).status, (await a.runs()).length], ['completed', 1]);
    const failing = await until('the call fails', async () =>
      (await a.details(1)).deliveries?.find(({ problem }) => problem !== undefined),
    );
    assert.match(failing.problem ?? '', /^CALL_STATUS /u);
    const [call] = peer.of('/pager');
    const body = JSON.parse(call?.body ?? '{}') as Record<string, unknown>;
    assert.deepEqual([body['who'], body['order'], body['code']], [['anna'], 'SO-1', 'CALL_STATUS']);
    assert.match(String(body['said']), /^Help\n/u);
  });

  it('is refused when there is no such map', async (t) => {
    const peer = await ScriptedPeer.open(t);
    const a = await TestInstall.open(t, { documents: [ORDERS, shop(peer), SEND] });
    const documents = [onCreate('<notify id="tell" to="owner" map="pagr" template="x"/>')];
    const { diagnostics } = await a.install.administration.check({ documents });
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['MAP_UNKNOWN'],
    );
  });
});

describe('a notice to an organisation unit', () => {
  it('reaches the people of the unit and of those below it', async (t) => {
    const { a } = await open(t, { notify: '<notify to="unit:Sales"/>' });
    const { administration } = a.install;
    await administration.addUnit({ name: 'Sales', description: '' });
    await administration.addUnit({ name: 'North', description: '', parent: 'Sales' });
    await administration.addUnitMember({ unit: 'North', user: 'anna' });
    await order(a, 1);
    await a.ended(1);
    const [told] = await administration.notifications({ all: true, limit: 9 });
    assert.equal(told?.userName, 'anna');
  });
});
