import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { MailServer } from '../../connector/mail-server.ts';
import { nativeDocument } from '../documents.ts';
import { TestInstall } from '../install-fixture.ts';
import { until } from '../poll.ts';
import { onCreate, ORDERS, ScriptedPeer, shop } from '../scripted-peer.ts';

const SEND = nativeDocument(
  'map',
  'name="send-order" module="Orders" service="shop"',
  '<call method="POST" path="/send"/>',
);
const NASTY = '"><script>x</script>\r\nBcc: thief@evil.example\r\n\r\n<b>Anna</b>';

/** An install whose orders are refused, which is told to these. */
async function open(t: TestContext, to: string, template = 'Order {record.order_no}') {
  const peer = await ScriptedPeer.open(t);
  peer.reply('/send', 400);
  const server = await MailServer.open(t);
  const plan = `<on-error><retry times="0"/><notify to="${to}" by="mail" template="${template}"/></on-error>`;
  const a = await TestInstall.open(t, {
    documents: [ORDERS, shop(peer), SEND, onCreate(`<webservice id="send" map="send-order">${plan}</webservice>`)],
    settings: { smtp_url: server.url, smtp_from: 'CRM <crm@example.com>' },
  });
  const { administration } = a.install;
  await administration.changeUser({ name: 'admin', email: 'admin@example.com' });
  return { a, server, administration };
}

const sent = (server: MailServer) => until('a mail comes', () => server.taken[0]);
const headersOf = (text: string): string => text.slice(0, text.indexOf('\r\n\r\n'));

describe('a recipient with markup and line breaks in the name', () => {
  it('gets a mail with no header and no recipient more', async (t) => {
    const { a, server, administration } = await open(t, 'user:anna', '{record.note}');
    const person = { firstName: NASTY, lastName: 'Berg\r\nX-Evil: 1', email: 'anna@example.com' };
    const added = await administration
      .addUser({ name: 'anna', admin: false, ...person })
      .then(() => true)
      .catch(() => false);
    if (!added) await administration.addUser({ name: 'anna', admin: false, email: 'anna@example.com' });
    await a.create({ order_no: 'SO-1\r\nBcc: x@evil.example', note: NASTY }, 'Orders').catch(async () => {
      await a.create({ order_no: 'SO-1', note: NASTY }, 'Orders');
    });
    const { to, text } = await sent(server);
    assert.deepEqual(to, ['anna@example.com']);
    assert.doesNotMatch(headersOf(text), /^(?:bcc|x-evil):/imu);
  });
});

describe('a person of an error plan who is not there any more', () => {
  it('is told by nobody in that place: the administrators are, marked so', async (t) => {
    const { a, server, administration } = await open(t, 'user:anna unit:sales');
    await administration.addUser({ name: 'anna', admin: false, email: 'anna@example.com' });
    await administration.addUser({ name: 'bert', admin: false, email: 'bert@example.com' });
    await administration.addUnit({ name: 'sales', description: '' });
    await administration.addUnitMember({ unit: 'sales', user: 'bert' });
    await administration.removeUnitMember({ unit: 'sales', user: 'bert' });
    await administration.changeUser({ name: 'anna', active: false });
    await a.create({ order_no: 'SO-1' }, 'Orders');
    const { to, text } = await sent(server);
    assert.deepEqual(to, ['admin@example.com']);
    assert.match(text, /Meant for user:anna, unit:sales/u);
  });

  it('between the failure and the mail gets none; what it says is read in the product', async (t) => {
    const { a, server, administration } = await open(t, 'user:anna');
    await administration.addUser({ name: 'anna', admin: false, email: 'anna@example.com' });
    server.conduct.push(451);
    await a.create({ order_no: 'SO-1' }, 'Orders');
    await until('a try fails', async () =>
      (await a.details(1)).deliveries?.find(({ problem }) => problem !== undefined),
    );
    await administration.changeUser({ name: 'anna', active: false });
    await a.close();
    await a.reopen({ worker: true, clock: { now: () => Date.now() + 3_600_000 } });
    await until('it is given up', async () => (await a.details(1)).deliveries?.find(({ state }) => state === 'failed'));
    assert.equal(server.taken.length, 0);
  });

  it('and owns a row of the inbox leaves it to whoever comes next', async (t) => {
    const { a, administration } = await open(t, 'user:admin');
    await administration.addUser({ name: 'anna', admin: false });
    await a.create({ order_no: 'SO-1' }, 'Orders');
    await a.waiting(1, 'person');
    const giver = { by: 'admin', origin: 'test' };
    await administration.commandRun({ ...giver, run: 1, command: { kind: 'assign', owner: 'anna' } });
    await administration.changeUser({ name: 'anna', active: false });
    assert.equal((await administration.inboxItems({ owner: 'anna', limit: 9 })).length, 1);
    await administration.commandRun({ ...giver, run: 1, command: { kind: 'assign', owner: 'admin' } });
    await assert.rejects(
      administration.commandRun({ ...giver, run: 1, command: { kind: 'assign', owner: 'nobody' } }),
      {
        code: 'USER_UNKNOWN',
      },
    );
    assert.equal((await administration.inboxItem({ run: 1 })).item?.owner, 'admin');
  });
});
