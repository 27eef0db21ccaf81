import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { type LegacyPeer, openLegacyPeer } from './legacy-peer.ts';

const ACCOUNTS = nativeDocument(
  'module',
  'name="Accounts" label="Accounts" prefix="11" title="accountname"',
  `<field name="accountname" label="Name" type="string"/>
   <field name="parent" label="Parent" type="reference" references="Accounts"/>
   <field name="assigned_user_id" label="Owner" type="owner"/>`,
);
const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string"/>
   <field name="status" label="Status" type="string"/>
   <field name="amount" label="Amount" type="currency"/>
   <field name="due" label="Due" type="date"/>
   <field name="paid" label="Paid" type="boolean"/>
   <field name="account" label="Account" type="reference" references="Accounts"/>`,
);
/** Runs for accounts whose name begins with Main, so that others can be there before. */
const WORKFLOW = nativeDocument(
  'workflow',
  'name="send-account" module="Accounts"',
  `<trigger on="create" when="$contains(record.accountname, 'Main')"/>
   <tasks><webservice id="send" map="send"/></tasks>`,
);

/** A coreBOS map that sends what each expression gives. */
function sending(peer: LegacyPeer, expressions: Readonly<Record<string, string>>): SourceFile {
  const fields = Object.entries(expressions).map(
    ([name, expression]) => `<field><fieldname>${name}</fieldname><Orgfields><Orgfield>
      <OrgfieldName><![CDATA[${expression}]]></OrgfieldName><OrgfieldID>EXPRESSION</OrgfieldID>
      </Orgfield><delimiter></delimiter></Orgfields></field>`,
  );
  const text = `<map><originmodule><originname>Accounts</originname></originmodule><wsconfig>
    <wsurl>${peer.url}/in</wsurl><wshttpmethod>POST</wshttpmethod><methodname>send</methodname><wstype>REST</wstype>
    <wsheader><header><keyname>Content-type</keyname><keyvalue>application/json</keyvalue></header></wsheader>
    <inputtype>JSON</inputtype><outputtype>JSON</outputtype></wsconfig>
    <fields>${fields.join('')}</fields><Response></Response></map>`;
  return { file: 'send.xml', text };
}

async function open(
  t: TestContext,
  peer: LegacyPeer,
  expressions: Readonly<Record<string, string>>,
): Promise<TestInstall> {
  return TestInstall.open(t, {
    documents: [ACCOUNTS, ORDERS, WORKFLOW, sending(peer, expressions)],
    settings: { region: 'north', geocoder_url: `${peer.url}/search`, counter: '41' },
  });
}

/** What was sent for a new account with this name, once its run has ended. */
async function sentFor(a: TestInstall, peer: LegacyPeer, element = { accountname: 'Main' }): Promise<unknown> {
  const before = (await a.runs()).length;
  await a.create(element, 'Accounts');
  const ended = await a.ended(before + 1);
  assert.equal(ended.status, 'completed', JSON.stringify(ended.failure));
  return peer.bodies.at(-1);
}

describe('legacy functions on an install', () => {
  it('look for records, users, groups and settings', async (t) => {
    const peer = await openLegacyPeer(t);
    const a = await open(t, peer, {
      number: "getIDof('Accounts', 'accountname', 'Other')",
      none: "getIDof('Accounts', 'accountname', 'Nobody')",
      fields: "getFieldsOF(getIDof('Orders', 'subject', 'First'), 'Orders', 'subject,amount,due,paid,account')",
      more: "getFieldsOF(getIDof('Orders', 'paid', '0'), 'Orders', 'subject')",
      setting: "getSetting('region')",
      user: "concat(getCurrentUserID(), ' ', getCurrentUserField('email1'), ' ', getCurrentUserField('date_format'))",
      group: "getGroupID('Sales')",
      exists: "if exists('accountname', 'Other') then 'yes' else 'no' end",
      again: "if exists('accountname', accountname) then 'yes' else 'no' end",
      type: "getEntityType(concat('11x', getIDof('Accounts', 'accountname', 'Other')))",
      mode: 'getCRUDMode()',
    });
    const { administration } = a.install;
    await administration.changeUser({
      name: 'admin',
      email: 'admin@example.com',
      preferences: { dateFormat: 'dd-mm-yyyy' },
    });
    await administration.addGroup({ name: 'Sales', description: '' });
    const other = await a.create({ accountname: 'Other', assigned_user_id: '19x1' }, 'Accounts');
    const number = other.id.slice('11x'.length);
    const order = { subject: 'First', amount: 10.5, due: '2025-03-04', paid: true, account: other.id };
    await a.create(order, 'Orders');
    await a.create({ subject: 'Second', account: other.id }, 'Orders');
    assert.deepEqual(await sentFor(a, peer), {
      number,
      none: '0',
      fields: { subject: 'First', amount: '10.5', due: '2025-03-04', paid: '1', account: number },
      more: { subject: 'Second' },
      setting: 'north',
      user: '19x1 admin@example.com dd-mm-yyyy',
      group: '20x1',
      exists: 'yes',
      again: 'no',
      type: 'Accounts',
      mode: 'create',
    });
  });

  it('add up the records that refer to the record or are linked with it', async (t) => {
    const peer = await openLegacyPeer(t);
    const a = await open(t, peer, {
      sum: "aggregation('sum', 'Orders', 'amount')",
      open: "aggregation('count', 'Orders', 'subject', '[status,e,Open,and]')",
      names: "aggregation('group_concat', 'Orders', 'subject')",
      gross: "aggregation_fields_operation('sum', 'Orders', 'amount * 1.2')",
      ids: "getRelatedIDs('Orders')",
      allopen: "if allrelatedare('Orders', 'status', 'Open') then 'yes' else 'no' end",
    });
    const nothing = { sum: '0', open: '0', names: '0', gross: '0', ids: [], allopen: 'yes' };
    assert.deepEqual(await sentFor(a, peer), nothing);
    const main = await a.install.crm.query("select id from Accounts where accountname = 'Main';");
    const account = main.records[0]?.id ?? assert.fail('the account is gone');
    const first = await a.create({ subject: 'First', status: 'Open', amount: 10.5, account }, 'Orders');
    const linked = await a.create({ subject: 'Linked', status: 'Closed', amount: 20 }, 'Orders');
    await a.create({ subject: 'Foreign', amount: 99 }, 'Orders');
    await a.install.crm.relate({ actor: { user: '19x1' }, source: account, targets: [linked.id] });
    const trial = await a.install.administration.tryMap({
      map: 'send',
      record: { id: account, accountname: 'Main' },
      context: {},
      send: false,
      documents: [],
    });
    assert.equal(trial.failure, undefined);
    assert.deepEqual(JSON.parse(trial.request?.body?.text ?? ''), {
      sum: '30.5',
      open: '1',
      names: 'First,Linked',
      gross: '36.6',
      ids: [first.id, linked.id],
      allopen: 'no',
    });
  });

  it('change settings and leave messages in a run, and nothing in a trial', async (t) => {
    const peer = await openLegacyPeer(t);
    const a = await open(t, peer, {
      counter: "setSetting('counter', getSetting('counter') + 1)",
      read: "readMessage('steps')",
      sent: "sendMessage(concat('from ', accountname), 'steps', 600)",
    });
    const record = { id: '11x999', accountname: 'Trial' };
    const trial = await a.install.administration.tryMap({
      map: 'send',
      record,
      context: {},
      send: false,
      documents: [],
    });
    assert.deepEqual(JSON.parse(trial.request?.body?.text ?? ''), { counter: '42', read: '', sent: '' });
    assert.deepEqual(await sentFor(a, peer), { counter: '42', read: '', sent: '' });
    const second = await sentFor(a, peer, { accountname: 'Main 2' });
    assert.deepEqual(second, { counter: '43', read: 'from Main', sent: '' });
    const settings = await a.install.administration.settings();
    assert.equal(JSON.stringify(settings).includes('43'), true);
  });

  for (const change of ["setSetting('egress.allow', '0.0.0.0/0:*')", "delSetting('webservice_cors_origins')"]) {
    it(`never change what keeps the install safe: ${change}`, async (t) => {
      const peer = await openLegacyPeer(t);
      const a = await open(t, peer, { change });
      const record = { id: '11x999', accountname: 'Trial' };
      const trial = { map: 'send', record, context: {}, send: false, documents: [] };
      assert.equal((await a.install.administration.tryMap(trial)).failure?.code, 'EXPRESSION_FAILED');
      await a.create({ accountname: 'Main' }, 'Accounts');
      const before = await a.install.administration.settings();
      await a.ended(1);
      assert.equal(peer.bodies.length, 0);
      assert.deepEqual(await a.install.administration.settings(), before);
    });
  }

  it('ask the geocoder through the guard, and wait where it gives no answer', async (t) => {
    const peer = await openLegacyPeer(t);
    const a = await open(t, peer, { place: "getLongitudeLatitude('1 Rue Émile, Paris')" });
    assert.deepEqual(await sentFor(a, peer), { place: '2.35,48.85' });
    assert.deepEqual(peer.asked, ['1 Rue Émile, Paris']);
    peer.geocoderIsDown = true;
    await a.create({ accountname: 'Main 2' }, 'Accounts');
    const wait = await a.waiting(2, 'time');
    assert.match(wait.reason, /CALL_/u);
    assert.equal(peer.bodies.length, 1);
    await a.install.administration.setSetting({ name: 'geocoder_url', value: 'http://169.254.169.254/search' });
    const record = { id: '11x999', accountname: 'Trial' };
    const trial = await a.install.administration.tryMap({
      map: 'send',
      record,
      context: {},
      send: true,
      documents: [],
    });
    assert.equal(trial.failure?.code, 'CALL_EGRESS');
  });

  it('send no message twice when a step is tried again, and read the same one again', async (t) => {
    const peer = await openLegacyPeer(t);
    const a = await open(t, peer, {
      read: "readMessage('in')",
      sent: "sendMessage('hello', 'out', 600)",
      place: "getLatitude('Paris')",
    });
    const { engine } = a.install;
    await engine.reach.messages.send({ channel: 'in', text: 'for one', key: 'k1', expiresAt: Date.now() + 600_000 });
    peer.geocoderIsDown = true;
    await a.create({ accountname: 'Main' }, 'Accounts');
    await a.waiting(1, 'time');
    peer.geocoderIsDown = false;
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(peer.bodies, [{ read: 'for one', sent: '', place: '48.85' }]);
    const take = (key: string) => engine.reach.messages.take({ channel: 'out', key, at: Date.now() });
    assert.deepEqual([await take('t1'), await take('t2')], ['hello', undefined]);
  });
});
