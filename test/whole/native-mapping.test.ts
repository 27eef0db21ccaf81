import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { convertDocuments } from '../../src/convert/convert-documents.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { ServedTest } from './served-install.ts';

const MODULES: readonly SourceFile[] = [
  nativeDocument(
    'module',
    'name="Accounts" prefix="11" title="accountname"',
    '<field name="accountname" type="string" length="100"/><field name="city" type="string" length="40"/>',
  ),
  nativeDocument(
    'module',
    'name="Quotes" prefix="30" title="subject"',
    `<field name="subject" type="string" length="100"/><field name="total" type="currency"/><field name="valid" type="date"/>
     <field name="account_id" type="reference" references="Accounts"/><field name="rows" type="text"/>
     <field name="accepted" type="boolean"/><field name="assigned_user_id" type="owner"/>`,
  ),
  nativeDocument(
    'module',
    'name="SalesOrder" prefix="31" title="subject"',
    `<field name="subject" type="string" length="100" mandatory="true"/><field name="total" type="currency"/>
     <field name="due" type="date"/><field name="account_id" type="reference" references="Accounts"/>
     <field name="ship_city" type="string" length="40"/><field name="carrier" type="string" length="40"/>
     <field name="order_no" type="string" length="20"/><field name="paid" type="boolean"/>`,
  ),
];

const QUOTE_TO_ORDER = nativeDocument(
  'mapping',
  'name="Quote2Order" from="Quotes" to="SalesOrder"',
  `<set field="subject" template="Order: {record.subject}"/><set field="total" from="total"/><set field="due" from="valid"/>
   <set field="account_id" from="account_id"/><set field="ship_city" from="account_id.city"/>
   <set field="carrier" setting="carrier" default="post"/><set field="paid" from="accepted"/>
   <set field="order_no" context="number"/>`,
);

const ROW_TO_ORDER = nativeDocument(
  'mapping',
  'name="Row2Order" to="SalesOrder"',
  `<set field="order_no" from="no"/><set field="subject" from="title.text" default="untitled"/>
   <set field="total" from="amount" when-empty="omit" default=""/><set field="carrier" context="number"/>
   <set field="ship_city" legacy="uppercase(city)"/>`,
);

const flow = (tasks: string, module = 'Quotes', trigger = '<trigger on="create"/>') =>
  nativeDocument('workflow', `name="flow" module="${module}"`, `${trigger}<tasks>${tasks}</tasks>`);

const CONVERT = `<expression id="n"><set context="number" value="SO-1"/></expression>
  <create-record id="order" module="SalesOrder" mapping="Quote2Order"><set field="carrier" value="ours"/></create-record>`;

const orders = async (a: TestInstall) =>
  (await a.install.crm.query('select * from SalesOrder;')).records.map(({ values }) => values);

describe('a native mapping in a task', () => {
  it('makes a record of the run: typed fields, what is behind references, context and settings', async (t) => {
    const a = await TestInstall.open(t, { documents: [...MODULES, QUOTE_TO_ORDER, flow(CONVERT)] });
    const account = await a.create({ accountname: 'Acme', city: 'Graz' }, 'Accounts');
    await a.create(
      { subject: 'Desk & chair', total: '12.50', valid: '2025-03-14', account_id: account.id, accepted: '1' },
      'Quotes',
    );
    assert.equal((await a.ended(1)).status, 'completed');
    const [order] = await orders(a);
    assert.deepEqual(
      { ...order },
      {
        subject: 'Order: Desk & chair',
        total: 12.5,
        due: '2025-03-14',
        account_id: account.id,
        ship_city: 'Graz',
        carrier: 'ours',
        paid: true,
        order_no: 'SO-1',
      },
    );
  });

  it('clears what is empty, and follows an empty reference to nothing', async (t) => {
    const a = await TestInstall.open(t, { documents: [...MODULES, QUOTE_TO_ORDER, flow(CONVERT)] });
    await a.create({ subject: 'Desk' }, 'Quotes');
    assert.equal((await a.ended(1)).status, 'completed');
    const [order] = await orders(a);
    assert.deepEqual([order?.['total'], order?.['due'], order?.['ship_city'] ?? ''], [null, null, '']);
  });

  it('is applied to each item of a list, and leaves out what is empty', async (t) => {
    const upsert = `<expression id="rows"><set context="rows" field="rows" type="json"/><set context="number" value="N"/></expression>
      <upsert id="orders" module="SalesOrder" match="order_no" each="context.rows" mapping="Row2Order"/>`;
    const a = await TestInstall.open(t, { documents: [...MODULES, ROW_TO_ORDER, flow(upsert)] });
    const rows = [
      { no: 'A', title: { text: 'first' }, amount: 5, city: 'graz' },
      { no: 'B', amount: 7, city: 'linz' },
      { no: 'A', title: { text: 'again' }, city: 'wien' },
    ];
    await a.create({ subject: 'x', rows: JSON.stringify(rows) }, 'Quotes');
    assert.equal((await a.ended(1)).status, 'completed');
    const made = await orders(a);
    const told = made.map((one) => ['order_no', 'subject', 'total', 'carrier', 'ship_city'].map((name) => one[name]));
    assert.deepEqual(told.toSorted(), [
      ['A', 'again', 5, 'N', 'WIEN'],
      ['B', 'untitled', 7, 'N', 'LINZ'],
    ]);
  });

  it('leaves the run to a person when a value does not fit, names the field, and writes nothing', async (t) => {
    const wrong = nativeDocument(
      'mapping',
      'name="Wrong"',
      '<set field="subject" from="no.such" /><set field="total" value="1"/>',
    );
    const a = await TestInstall.open(t, {
      documents: [...MODULES, wrong, flow('<create-record id="order" module="SalesOrder" mapping="Wrong"/>')],
    });
    await a.create({ subject: 'x' }, 'Quotes');
    const { reason } = await a.waiting(1, 'person');
    assert.match(reason, /^order: PARAMETER_SOURCE_MISSING .*subject/u);
    assert.deepEqual(await orders(a), []);
  });

  it('is checked against the task: modules, and fields that a record must have', async (t) => {
    const a = await TestInstall.open(t, { documents: MODULES, settings: { carrier: 'post' } });
    const codes = async (...documents: SourceFile[]) => {
      const { administration } = a.install;
      const { diagnostics } = await administration.apply({ documents, prune: false, dryRun: true, by: 'test' });
      return diagnostics.map(({ severity, code }) => `${severity} ${code}`);
    };
    const create = (module: string) => `<create-record id="o" module="${module}" mapping="Quote2Order"/>`;
    assert.deepEqual(await codes(QUOTE_TO_ORDER, flow(create('SalesOrder'), 'Accounts')), ['warning MAPPING_MODULE']);
    const into = await codes(QUOTE_TO_ORDER, flow(create('Accounts')));
    assert.ok(into.includes('warning MAPPING_MODULE'), into.join());
    const lacking = nativeDocument('mapping', 'name="Quote2Order"', '<set field="total" value="1"/>');
    assert.deepEqual(await codes(lacking, flow(create('SalesOrder'))), ['error FIELD_NOT_SET']);
  });
});

describe('a native mapping on the web service', () => {
  it('is asked by ProcessMap, and shown in cbMap', async (t) => {
    const test = await ServedTest.open(t, [...MODULES, QUOTE_TO_ORDER]);
    await test.install.administration.setSetting({ name: 'carrier', value: 'DHL' });
    const create = async (elementType: string, element: object) => {
      const { result, code, message } = await test.call('create', { elementType, element: JSON.stringify(element) });
      assert.equal(code, undefined, message);
      return String(Object(result)['id']);
    };
    const account = await create('Accounts', { accountname: 'Acme', city: 'Graz' });
    const quote = await create('Quotes', { subject: 'Desk', total: 5, account_id: account, accepted: '1' });
    const parameters = JSON.stringify({ infields: { record_id: quote, number: 'Q7' }, outfields: { kept: 'yes' } });
    const made = await test.call('ProcessMap', { mapid: 'Quote2Order', parameters });
    assert.equal(made.code, undefined, made.message);
    assert.deepEqual(made.result, {
      kept: 'yes',
      subject: 'Order: Desk',
      total: 5,
      due: null,
      account_id: account,
      ship_city: 'Graz',
      carrier: 'DHL',
      paid: true,
      order_no: 'Q7',
    });
    const query = "select mapname, maptype, targetname from cbMap where mapname = 'Quote2Order';";
    const [shown] = (await test.call('query', { query })).result as Record<string, string>[];
    assert.deepEqual([shown?.['maptype'], shown?.['targetname']], ['Mapping', 'SalesOrder']);
  });
});

describe('a mapping of coreBOS', () => {
  it('fills references and owners by the numbers that its plain names give', async (t) => {
    const part = ([field, name]: readonly [string, string]): string =>
      `<field><fieldname>${field}</fieldname><Orgfields><Orgfield><OrgfieldName>${name}</OrgfieldName><OrgfieldID/></Orgfield></Orgfields></field>`;
    const fields = (
      [
        ['subject', 'subject'],
        ['account_id', 'account_id'],
        ['assigned_user_id', 'assigned_user_id'],
        ['other_id', 'nobody'],
      ] as const
    ).map(part);
    const text = `<map><originmodule/><targetmodule/><fields>${fields.join('')}</fields></map>`;
    const tasks =
      '<expression id="n"><set context="nobody" value="0"/></expression><create-record id="order" module="Invoice" mapping="Old"/>';
    const invoice = nativeDocument(
      'module',
      'name="Invoice" prefix="32" title="subject"',
      `<field name="subject" type="string"/><field name="account_id" type="reference" references="Quotes Accounts"/>
       <field name="other_id" type="reference" references="Accounts"/><field name="assigned_user_id" type="owner"/>`,
    );
    const a = await TestInstall.open(t, { documents: [...MODULES, invoice, { file: 'Old.xml', text }, flow(tasks)] });
    const account = await a.create({ accountname: 'Acme' }, 'Accounts');
    await a.create({ subject: 'Desk', account_id: account.id, assigned_user_id: '19x1' }, 'Quotes');
    assert.equal((await a.ended(1)).status, 'completed');
    const [made] = (await a.install.crm.query('select * from Invoice;')).records;
    assert.deepEqual(
      [made?.values['account_id'], made?.values['assigned_user_id'], made?.values['other_id'] ?? ''],
      [account.id, '19x1', ''],
    );
  });
});

describe('a converted mapping in a task', () => {
  const part = (name: string, id = ''): string =>
    `<Orgfield><OrgfieldName>${name}</OrgfieldName><OrgfieldID>${id}</OrgfieldID></Orgfield>`;
  const field = (name: string, parts: string, delimiter = ''): string =>
    `<field><fieldname>${name}</fieldname><Orgfields>${parts}<delimiter>${delimiter}</delimiter></Orgfields></field>`;
  const text = `<map><originmodule><originname>Quotes</originname></originmodule><targetmodule><targetname>SalesOrder</targetname></targetmodule><fields>
    ${field('subject', part('subject') + part('number') + part('$(account_id : (Accounts) city)', 'FIELD'), '/')}
    ${field('total', part('total * 2', 'EXPRESSION'))}${field('due', part('valid'))}${field('account_id', part('account_id'))}
    ${field('ship_city', part('$(account_id : (Accounts) city)', 'FIELD'))}${field('carrier', part("getFromContext('number')", 'EXPRESSION'))}
    ${field('order_no', part('rows') + part('subject', 'FIELD'), ' ')}${field('paid', part('accepted'))}</fields></map>`;
  const tasks = `<expression id="n"><set context="number" value="N7"/></expression>
    <create-record id="order" module="SalesOrder" mapping="Move"/>`;

  it('makes the records that its original makes', async (t) => {
    const original = { file: 'Move.xml', text };
    const converted = convertDocuments([original, ...MODULES], { keepTypes: false, isSensitiveName: () => false });
    const native = converted.find(({ file }) => file === 'Move.xml');
    assert.equal(native?.outcome, 'converted', native?.reason);
    const a = await TestInstall.open(t, { documents: [...MODULES, original, flow(tasks)] });
    const account = await a.create({ accountname: 'Acme', city: 'Graz' }, 'Accounts');
    const quotes = [
      { subject: 'Desk', total: '12.50', valid: '2025-03-14', account_id: account.id, accepted: '1' },
      { subject: 'Empty', total: '3' },
      { subject: 'A/', rows: 'r ', total: '0' },
    ];
    const makeAll = async (before: number): Promise<readonly Readonly<Record<string, unknown>>[]> => {
      for (const quote of quotes) await a.create(quote, 'Quotes');
      const runs = await a.allEnded(before + quotes.length);
      assert.deepEqual(new Set(runs.map(({ status }) => status)), new Set(['completed']));
      const made = (await orders(a)).slice(before);
      return made.toSorted((one, other) => String(one['subject']).localeCompare(String(other['subject'])));
    };
    const made = await makeAll(0);
    await a.apply([{ file: 'Move.xml', text: native?.text ?? '' }]);
    assert.deepEqual(await makeAll(quotes.length), made);
    assert.deepEqual(
      made.map((one) => one['subject']),
      ['A//N7', 'Desk/N7/Graz', 'Empty/N7'],
    );
  });
});
