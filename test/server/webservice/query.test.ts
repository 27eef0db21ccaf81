import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { isJsonObject } from '../../../src/core/json.ts';
import { get, logIn, openService, PATH, post, readEnvelope } from './client.ts';

/** Five products of one vendor; their numbers are 14x2 to 14x6. */
const PRODUCTS: readonly object[] = [
  { productname: 'Bolt', serial_no: "it's", quantity: 1, unit_price: '2', sales_start: '2026-01-31' },
  { productname: 'bolt', serial_no: '100%', quantity: 10, unit_price: '10.5', sales_start: '2026-02-01' },
  { productname: 'Nut', serial_no: '100 of', quantity: 9, unit_price: '2.000', vendor_id: '18x1' },
  { productname: 'Ärger', serial_no: 'a_b', quantity: -3, discontinued: '0', status: 'Old' },
  { productname: 'ärger', serial_no: '', checked_at: '2026-03-01 10:00:00', status: 'New' },
];

async function openFilled(t: TestContext) {
  const { app, clock } = await openService(t);
  const sessionName = await logIn(app);
  const create = async (elementType: string, element: object) => {
    clock.at += 60_000;
    const answer = await post(app, {
      operation: 'create',
      sessionName,
      elementType,
      element: JSON.stringify(element),
    });
    assert.equal(answer.success, true, answer.message);
  };
  await create('Vendors', { vendorname: 'ACME' });
  for (const element of PRODUCTS) await create('Products', element);
  const ask = (query: string) => get(app, { operation: 'query', sessionName, query });
  return { app, sessionName, ask };
}

/** What follows `select id from Products`, and the numbers found, in order. */
const FOUND: readonly (readonly [rest: string, numbers: readonly number[]])[] = [
  ['', [2, 3, 4, 5, 6]],
  ['where productname = "Bolt"', [2]],
  ["where serial_no = 'it''s'", [2]],
  ["where serial_no = 'it\\'s'", [2]],
  ["where serial_no = '100%'", [3]],
  ["where serial_no like '100%'", [3, 4]],
  [String.raw`where serial_no like '100\%'`, [3]],
  [String.raw`where serial_no like 'a\_b'`, [5]],
  ["where serial_no like '1_0%'", [3, 4]],
  ["where productname like 'BOLT'", [2, 3]],
  ["where productname like 'ÄRGER'", [5]],
  ["where productname like 'Ä%'", [5]],
  ["where productname not like '%o%'", [4, 5, 6]],
  ["where serial_no not like '100%'", [2, 5, 6]],
  ["where productname in ('Bolt', 'Nut', 'None')", [2, 4]],
  ["where productname not in ('Bolt', 'Nut')", [3, 5, 6]],
  ["where serial_no in ('', 'a_b')", [5, 6]],
  ["where serial_no not in ('', 'a_b')", [2, 3, 4]],
  ["where serial_no = ''", [6]],
  ["where serial_no != ''", [2, 3, 4, 5]],
  ['where serial_no is null', [6]],
  ['where vendor_id is not null', [4]],
  ["where vendor_id = '18x1'", [4]],
  ["where vendor_id <> '18x1'", [2, 3, 5, 6]],
  ['where quantity > 9', [3]],
  ["where quantity >= '9'", [3, 4]],
  ['where quantity < 0', [5]],
  ['where quantity <= 1', [2, 5]],
  ['where unit_price = 2', [2, 4]],
  ["where unit_price = '2.0'", [2, 4]],
  ["where unit_price in ('2.00', 10.50)", [2, 3, 4]],
  ["where sales_start < '2026-02-01'", [2]],
  ["where sales_start >= '2026-02-01'", [3]],
  ["where checked_at = '2026-03-01 10:00:00'", [6]],
  ["where checked_at > '2026-03-01 10:00:00'", []],
  ["where discontinued = '0'", [5]],
  ["where discontinued = true and status = ''", [2, 3, 4]],
  ["where status = 'Nope'", []],
  ["where id in ('14x2', '14x6', '18x1', 'nonsense')", [2, 6]],
  ["where quantity = 1 or quantity = 10 and productname = 'Nut'", [2]],
  ["where (quantity = 1 or quantity = 9) and productname = 'Nut'", [4]],
  ["where not (quantity = 1 or productname like 'bolt')", [4, 5, 6]],
  ["where ((productname = 'Nut'))", [4]],
  ["WHERE productname = 'Nut' OR NOT quantity IN (1, 10, 9) ORDER BY id DESC", [6, 5, 4]],
  ['order by unit_price desc, quantity, productname', [3, 2, 4, 6, 5]],
  ['order by unit_price asc, quantity desc limit 3', [5, 6, 4]],
  ['order by modifiedtime desc limit 2', [6, 5]],
  ['limit 1, 2', [3, 4]],
  ['limit 4, 100', [6]],
  ['limit 9, 10', []],
  ['limit 0', []],
  ['limit 10000;', [2, 3, 4, 5, 6]],
  ["where serial_no = 'x'' or ''1''=''1'", []],
  ["where serial_no is ''", [6]],
  ["where serial_no is not 'a_b'", [2, 3, 4, 6]],
  ["where vendor_id.vendorname = 'ACME'", [4]],
  ["where Vendors.vendorname like 'a%' and Products.quantity > 8", [4]],
  ["where vendors.vendorname != 'ACME'", [2, 3, 5, 6]],
  ['where vendor_id.vendorname is null limit 2', [2, 3]],
  ["where Vendors.id = '18x1'", [4]],
  ["where vendor_id.id = '18x1'", [4]],
  ["where Vendors.createdtime > '2024-01-01'", [4]],
  ["where vendor_id.assigned_user_id.user_name = 'admin'", [4]],
  ["where Users.user_name = 'admin' and vendor_id = '18x1'", [4]],
  ["where assigned_user_id.user_name = 'clerk'", []],
  ["where productname = 'Nut' and serial_no = '100 of'", [4]],
  ["where productname = 'Nut' and serial_no = 'other'", []],
  ["where productname in ('Nut', 'Bolt') order by quantity desc limit 1", [4]],
  ["where productname in ('Nut', 'Bolt') limit 1, 5", [4]],
  ["where related.Vendors = '18x1'", [4]],
  ["where related.Vendors = '18x1' and quantity < 5", []],
  ['order by vendor_id.vendorname desc, quantity limit 2', [4, 6]],
  ['limit 2 offset 3', [5, 6]],
];

test('queries find what they say', async (t) => {
  const { ask } = await openFilled(t);
  for (const [rest, numbers] of FOUND) {
    await t.test(rest, async () => {
      const { result, code, message } = await ask(`select id from Products ${rest}`);
      assert.equal(code, undefined, message);
      assert.deepEqual(
        result,
        numbers.map((number) => ({ id: `14x${number}` })),
      );
    });
  }
});

test('the number of all records found comes along, whatever is asked for', async (t) => {
  const { ask } = await openFilled(t);
  for (const [query, count] of [
    ['select count(*) from Products;', '5'],
    ["select count(*) from Products where serial_no like '100%';", '2'],
    ['select COUNT ( * ) from Products where quantity > 1000', '0'],
    ['select count(*) from Products limit 1;', '5'],
  ] as const) {
    const answer = await ask(query);
    assert.deepEqual([answer.result, answer.moreinfo], [[{ count }], { totalrows: count }], query);
  }
  const page = await ask("select productname, quantity from Products where serial_no like '100%' limit 1;");
  assert.deepEqual(page.result, [{ productname: 'bolt', quantity: '10', id: '14x3' }]);
  assert.deepEqual(page.moreinfo, { totalrows: '2' });
});

test('a query gives 100 rows when it says nothing, and every field for a star', async (t) => {
  const { app, sessionName, ask } = await openFilled(t);
  const element = JSON.stringify({ vendorname: 'Many' });
  const create = () => post(app, { operation: 'create', sessionName, elementType: 'Vendors', element });
  await Promise.all(Array.from({ length: 110 }, create));
  const { result, moreinfo } = await ask('select * from Vendors;');
  assert.ok(Array.isArray(result) && result.length === 100);
  assert.deepEqual(moreinfo, { totalrows: '111' });
  const [first] = result;
  assert.ok(isJsonObject(first));
  const names = ['vendorname', 'vendor_no', 'assigned_user_id', 'colours', 'createdtime', 'modifiedtime', 'id'];
  assert.deepEqual(Object.keys(first), names);
  const all = await ask('select id from Vendors limit 10000');
  assert.ok(Array.isArray(all.result) && all.result.length === 111);
});

test('fields behind references are selected with the names the original gives them', async (t) => {
  const { ask } = await openFilled(t);
  const query = 'select productname, Vendors.vendorname, vendor_id.vendorname from Products where quantity in (9, 1)';
  assert.deepEqual((await ask(`${query} order by Vendors.vendorname`)).result, [
    { productname: 'Bolt', vendorsvendorname: '', 'vendor_id.vendorname': '', id: '14x2' },
    { productname: 'Nut', vendorsvendorname: 'ACME', 'vendor_id.vendorname': 'ACME', id: '14x4' },
  ]);
  const counted = await ask("select count(*) from Products where Vendors.vendorname = 'ACME'");
  assert.deepEqual(counted.result, [{ count: '1' }]);
  const distinct = await ask("select distinct Users.user_name from Products where productname = 'Nut'");
  assert.deepEqual(distinct.result, [{ usersuser_name: 'admin', id: '14x4' }]);
});

test('others than administrators learn of users behind records what everybody may know', async (t) => {
  const { app } = await openFilled(t);
  const sessionName = await logIn(app, 'clerk');
  const ask = (query: string) => get(app, { operation: 'query', sessionName, query });
  const open = await ask("select Users.user_name from Products where productname = 'Nut'");
  assert.deepEqual(open.result, [{ usersuser_name: 'admin', id: '14x4' }]);
  for (const query of [
    "select Users.email1 from Products where productname = 'Nut'",
    "select id from Products where assigned_user_id.is_admin = 'on'",
    'select id from Products order by assigned_user_id.email1',
  ]) {
    assert.equal((await ask(query)).code, 'ACCESS_DENIED', query);
  }
});

const REFUSED: readonly (readonly [query: string, code: string])[] = [
  ['', 'QUERY_SYNTAX_ERROR'],
  ['select', 'QUERY_SYNTAX_ERROR'],
  ['select * from Products where', 'QUERY_SYNTAX_ERROR'],
  ["select * from Products where serial_no = 'x' or 1 = 1", 'QUERY_SYNTAX_ERROR'],
  ["select * from Products where serial_no = 'x'; drop table m_Products; --'", 'QUERY_SYNTAX_ERROR'],
  ['select * from Products; select * from Users', 'QUERY_SYNTAX_ERROR'],
  ['select * from Products where serial_no = serial_no', 'QUERY_SYNTAX_ERROR'],
  ['select * from Products where vendor_id.vendorname like 1', 'QUERY_SYNTAX_ERROR'],
  ['select * from Products where vendor_id.', 'QUERY_SYNTAX_ERROR'],
  ["select vendor_id.zzz from Products where serial_no = ''", 'ACCESS_DENIED'],
  ["select * from Products where serial_no.vendorname = 'x'", 'ACCESS_DENIED'],
  ["select * from Products where Nope.name = 'x'", 'ACCESS_DENIED'],
  ["select * from Vendors where Products.productname = 'x'", 'INVALID_MODULE'],
  ["select * from Products where related.Vendors = '14x1'", 'INVALID_ID_ATTRIBUTE'],
  ["select * from Products where related.Nope = '14x1'", 'ACCESS_DENIED'],
  ["select * from Products where related.Vendors like '18x1'", 'QUERY_SYNTAX_ERROR'],
  ['select max(quantity) from Products', 'QUERY_SYNTAX_ERROR'],
  ["select * from Products where sales_start = 'soon'", 'QUERY_SYNTAX_ERROR'],
  ["select * from Products where sales_start = '2026-02-30'", 'QUERY_SYNTAX_ERROR'],
  ['select * from Products where quantity = many', 'QUERY_SYNTAX_ERROR'],
  ['select * from Products where serial_no in ()', 'QUERY_SYNTAX_ERROR'],
  ['select * from Products limit 10001', 'QUERY_SYNTAX_ERROR'],
  ['select * from Products limit -1', 'QUERY_SYNTAX_ERROR'],
  ['select * from Products limit 1.5', 'QUERY_SYNTAX_ERROR'],
  ['select * from Products limit 1, 2, 3', 'QUERY_SYNTAX_ERROR'],
  ['select zzz from Products', 'ACCESS_DENIED'],
  ['select f_serial_no from Products', 'ACCESS_DENIED'],
  ['select constructor from Products', 'ACCESS_DENIED'],
  ["select * from Products where version = '1'", 'ACCESS_DENIED'],
  ['select * from Products order by zzz', 'ACCESS_DENIED'],
  ['select * from Nope', 'ACCESS_DENIED'],
  ['select * from users', 'ACCESS_DENIED'],
  ['select * from sqlite_master', 'ACCESS_DENIED'],
];

test('what cannot be read, or must not be, is refused, by GET and POST', async (t) => {
  const { app, sessionName, ask } = await openFilled(t);
  for (const [query, code] of REFUSED) {
    await t.test(JSON.stringify(query), async () => {
      assert.equal((await ask(query)).code, code);
      assert.equal((await post(app, { operation: 'query', sessionName, query })).code, code);
    });
  }
  assert.equal((await get(app, { operation: 'query', sessionName })).code, 'QUERY_SYNTAX_ERROR');
  assert.deepEqual((await ask('select count(*) from Products')).result, [{ count: '5' }]);
});

test('huge queries are refused before they cost anything', async (t) => {
  const { app, sessionName } = await openFilled(t);
  const send = (query: string) =>
    app.request(PATH, { method: 'POST', body: new URLSearchParams({ operation: 'query', sessionName, query }) });
  const code = async (query: string) => (await readEnvelope(await send(query))).code;
  const where = 'select id from Products where';
  assert.equal(await code(`${where} serial_no = '${'x'.repeat(15_000_000)}'`), 'QUERY_SYNTAX_ERROR');
  assert.equal(await code(`${where} ${'('.repeat(100_000)}`), 'QUERY_SYNTAX_ERROR');
  assert.equal(await code(`${where} quantity in (${Array(1_001).fill('1').join(',')})`), 'QUERY_SYNTAX_ERROR');
  assert.equal(await code(`${where} quantity in (${Array(1_000).fill('1').join(',')})`), undefined);
  assert.equal(await code(`${where} ${Array(201).fill('quantity = 1').join(' or ')}`), 'QUERY_SYNTAX_ERROR');
  assert.equal(await code(`${where} ${Array(200).fill('quantity = 1').join(' or ')}`), undefined);
  assert.equal(await code(`${where} ${'('.repeat(31)}quantity = 1${')'.repeat(31)}`), undefined);
  assert.equal((await send('x'.repeat(17_000_000))).status, 413);
});
