import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';

const ACCOUNTS = nativeDocument(
  'module',
  'name="Accounts" label="Accounts" prefix="11" title="accountname"',
  `<field name="accountname" label="Name" type="string"/>
   <field name="revenue" label="Revenue" type="currency"/>
   <field name="since" label="Since" type="date"/>
   <field name="called" label="Called" type="datetime"/>
   <field name="member_of" label="Member of" type="reference" references="Accounts"/>
   <field name="assigned_user_id" label="Owner" type="owner"/>`,
);
const WORKFLOW = nativeDocument(
  'workflow',
  'name="tell" module="Accounts"',
  '<trigger on="update"/><tasks><webservice id="tell" map="Tell"/></tasks>',
);

/** What each field of the map sends: an OrgfieldName and its OrgfieldID. */
const FIELDS: Readonly<Record<string, readonly [name: string, id: string, sent: string]>> = {
  revenue: ['revenue', 'FIELD', '1,234.50'],
  since: ['since', 'FIELD', '2026-03-11'],
  called: ['called', 'FIELD', '2026-03-11 09:00:00'],
  raw: ['called', '', '2026-03-11 09:00:00'],
  parent: ['$(member_of : (Accounts) accountname)', 'FIELD', 'Holding'],
  number: ['$(member_of : (Accounts) record_id)', 'FIELD', '1'],
  owner: ['$(assigned_user_id : (Users) user_name)', 'TEMPLATE', 'admin'],
  expression: ["concat($(member_of : (Accounts) revenue),'')", 'EXPRESSION', '7'],
  text: [
    'Dear $accountname (of $(member_of : (Accounts) accountname)), $100',
    'TEMPLATE',
    'Dear Rowley (of Holding), $100',
  ],
};

function map(url: string): string {
  const fields = Object.entries(FIELDS).map(
    ([name, [orgfield, id]]) => `<field><fieldname>${name}</fieldname><Orgfields><Orgfield>
      <OrgfieldName>${orgfield}</OrgfieldName><OrgfieldID>${id}</OrgfieldID></Orgfield></Orgfields></field>`,
  );
  return `<map><originmodule><originname>Accounts</originname></originmodule><wsconfig><wsurl>${url}</wsurl>
    <wshttpmethod>POST</wshttpmethod><wstype>REST</wstype><inputtype>JSON</inputtype><outputtype>JSON</outputtype>
    </wsconfig><fields>${fields.join('')}</fields><Response/></map>`;
}

/** A server that keeps the bodies it is sent. */
async function listening(t: TestContext): Promise<{ readonly url: string; readonly bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      response.setHeader('Content-Type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, bodies };
}

test('a map sends fields and templates as the person sees them to whom the record is assigned', async (t) => {
  const { url, bodies } = await listening(t);
  const a = await TestInstall.open(t, { documents: [ACCOUNTS, WORKFLOW, { file: 'Tell.xml', text: map(url) }] });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const holding = await a.create({ accountname: 'Holding', revenue: 7 }, 'Accounts');
  const account = await a.create({ accountname: 'Rowley', member_of: holding.id }, 'Accounts');
  await a.revise({ id: account.id, revenue: 1234.5, since: '2026-03-11', called: '2026-03-11 09:00:00' });
  await a.ended(1);
  const sent = JSON.parse(bodies[0] ?? '{}');
  const expected = Object.fromEntries(Object.entries(FIELDS).map(([name, [, , value]]) => [name, value]));
  // Stored times are UTC; people see them in the zone of the install.
  const shown = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: zone });
  assert.deepEqual(sent, { ...expected, called: shown.format(Date.UTC(2026, 2, 11, 9)) });
});

test('a template lists comments, lines of an order and related records as they are stored', async (t) => {
  const module = (name: string, prefix: string, fields: string) =>
    nativeDocument('module', `name="${name}" label="${name}" prefix="${prefix}" title="title"`, fields);
  const title = '<field name="title" label="Title" type="string"/>';
  const reference = (name: string, to: string) =>
    `<field name="${name}" label="${name}" type="reference" references="${to}"/>`;
  const meta = (name: string) => `$(general : (__VtigerMeta__) ${name})`;
  const map = (name: string) =>
    nativeDocument(
      'map',
      'name="tell" module="Orders"',
      `<call method="POST" url="http://127.0.0.1:9/" body="text"/>
       <parameters><parameter name="text" legacy-template="${meta(name)}"/></parameters><body>{text}</body>`,
    );
  const documents = [
    module('Orders', '60', title),
    module('Products', '14', title),
    module(
      'ModComments',
      '61',
      `${title}<field name="commentcontent" label="C" type="text"/>
      <field name="assigned_user_id" label="Owner" type="owner"/>${reference('related_to', 'Orders')}`,
    ),
    module(
      'InventoryDetails',
      '62',
      `${title}<field name="quantity" label="Q" type="integer"/>
      ${reference('related_to', 'Orders')}${reference('productid', 'Products')}`,
    ),
  ];
  const a = await TestInstall.open(t, { documents, worker: false });
  const order = (await a.create({ title: 'SO-17' }, 'Orders')).id;
  const bolt = (await a.create({ title: 'Bolt & Nut' }, 'Products')).id;
  for (const commentcontent of ['first', 'second']) {
    await a.create({ commentcontent, related_to: order, assigned_user_id: '19x1' }, 'ModComments');
  }
  await a.create({ related_to: order, productid: bolt, quantity: 3 }, 'InventoryDetails');
  await a.install.crm.relate({ actor: { user: '19x1' }, source: order, targets: [bolt] });
  const written = async (name: string) => {
    const trial = { map: 'tell', record: {}, recordId: order, context: {}, send: false, documents: [map(name)] };
    const { request, failure, diagnostics } = await a.install.administration.tryMap(trial);
    assert.equal(failure, undefined);
    return { text: request?.body?.text ?? '', codes: diagnostics.map(({ code }) => code) };
  };
  assert.deepEqual(await written('comments_1a_text_comment'), { text: 'first', codes: [] });
  const line = '<li class="inventorydetailsfield">';
  assert.deepEqual(await written('inventorydetails_html_quantity'), {
    text: `<div class="inventorydetails"><ul class="inventorydetailsfields">${line}Bolt &amp; Nut</li>${line}3.00</li></ul></div>`,
    codes: [],
  });
  assert.deepEqual(await written('RelatedList_Products_text'), { text: 'Bolt & Nut\n', codes: [] });
  assert.deepEqual(await written('RelatedList_Prodcts_text'), { text: '', codes: ['TEMPLATE_META_EMPTY'] });
});
