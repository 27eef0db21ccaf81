import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MapwrightError } from '../../src/core/error.ts';
import type { QueryCondition } from '../../src/core/query.ts';
import { QuerySyntaxError } from '../../src/crm/query-error.ts';
import { parseQuery } from '../../src/crm/query-parser.ts';
import { MODULES } from './modules.ts';

const parse = (text: string) => parseQuery(text, MODULES).query;
const where = (text: string) => parse(`select * from Products where ${text}`).where;
const equal = (field: string, value: string | number | boolean): QueryCondition => ({
  kind: 'compare',
  field,
  operator: '=',
  value,
});
const empty = (field: string): QueryCondition => ({ kind: 'null', field });

test('a whole statement, keywords in any case, with the semicolon', () => {
  const text = "SELECT id, productname From Products WHERE serial_no = 'a' Order By unit_price DESC, id LIMIT 5, 20 ;";
  assert.deepEqual(parse(text), {
    module: 'Products',
    select: ['id', 'productname'],
    where: equal('serial_no', 'a'),
    order: [
      { field: 'unit_price', descending: true },
      { field: 'id', descending: false },
    ],
    offset: 5,
    limit: 20,
  });
});

test('without a limit 100 rows; star and count', () => {
  assert.deepEqual(parse('select * from Vendors'), {
    module: 'Vendors',
    select: '*',
    where: undefined,
    order: [],
    offset: 0,
    limit: 100,
  });
  assert.equal(parse('select count(*) from Vendors;').select, 'count');
});

const CONDITIONS: readonly (readonly [text: string, condition: QueryCondition])[] = [
  ["serial_no = 'it''s'", equal('serial_no', "it's")],
  ["serial_no = 'a\\'b\\\\c\\d'", equal('serial_no', "a'b\\c\\d")],
  ['serial_no = "say ""hi"""', equal('serial_no', 'say "hi"')],
  ["unit_price = '12.50'", equal('unit_price', 12.5)],
  ['unit_price = -12.5', equal('unit_price', -12.5)],
  ['discontinued = true', equal('discontinued', true)],
  ["discontinued = '0'", equal('discontinued', false)],
  ['vendor_id = 18x3', equal('vendor_id', '18x3')],
  ["checked_at = '2024-01-01 10:00:00'", equal('checked_at', '2024-01-01T10:00:00Z')],
  ["remote_id = ''", empty('remote_id')],
  ['remote_id is null', empty('remote_id')],
  ['remote_id is not null', { kind: 'not', part: empty('remote_id') }],
  ["remote_id != ''", { kind: 'not', part: empty('remote_id') }],
  [
    "serial_no <> 'a'",
    { kind: 'or', parts: [empty('serial_no'), { kind: 'compare', field: 'serial_no', operator: '<>', value: 'a' }] },
  ],
  ["serial_no like 'a%'", { kind: 'like', field: 'serial_no', pattern: 'a%' }],
  ["createdtime like '2024-01-05 1%'", { kind: 'like', field: 'createdtime', pattern: '2024-01-05T1%' }],
  [
    "serial_no not like 'a%'",
    {
      kind: 'or',
      parts: [empty('serial_no'), { kind: 'not', part: { kind: 'like', field: 'serial_no', pattern: 'a%' } }],
    },
  ],
  ["quantity in ('1', 2)", { kind: 'in', field: 'quantity', values: [1, 2] }],
  ["quantity in ('', 2)", { kind: 'or', parts: [empty('quantity'), { kind: 'in', field: 'quantity', values: [2] }] }],
  ['quantity >= 3', { kind: 'compare', field: 'quantity', operator: '>=', value: 3 }],
  [
    "serial_no = 'a' or quantity = 1 and quantity = 2",
    {
      kind: 'or',
      parts: [equal('serial_no', 'a'), { kind: 'and', parts: [equal('quantity', 1), equal('quantity', 2)] }],
    },
  ],
  [
    "(serial_no = 'a' or quantity = 1) and quantity = 2",
    {
      kind: 'and',
      parts: [{ kind: 'or', parts: [equal('serial_no', 'a'), equal('quantity', 1)] }, equal('quantity', 2)],
    },
  ],
];

for (const [text, condition] of CONDITIONS) {
  test(`where ${text}`, () => assert.deepEqual(where(text), condition));
}

const FAULTS: readonly (readonly [text: string, offset: number])[] = [
  ['', 0],
  ['selct * from Products', 0],
  ['select from Products', 12],
  ['select * form Products', 9],
  ['select * from', 13],
  ['select * from Products where', 28],
  ["select * from Products where serial_no 'a'", 39],
  ["select * from Products where serial_no = 'a", 41],
  ['select * from Products where quantity = abc', 40],
  ["select * from Products where quantity = 'abc'", 40],
  ["select * from Products where (serial_no = 'a'", 45],
  ['select * from Products limit 10001', 29],
  ['select * from Products limit -1', 29],
  ['select * from Products limit 1, 10001', 32],
  ['select * from Products order serial_no', 23],
  ['select * from Products; select', 24],
  ['select * from Products where serial_no = #', 41],
  ["select * from Products where serial_no in ('a' 'b')", 47],
];

for (const [text, offset] of FAULTS) {
  test(`${JSON.stringify(text)} is refused at ${offset}`, () => {
    assert.throws(
      () => parse(text),
      (error) => error instanceof QuerySyntaxError && error.code === 'QUERY_SYNTAX_ERROR' && error.offset === offset,
    );
  });
}

test('a pattern is no longer than the store takes', () => {
  assert.ok(where(`productname like '${'ä'.repeat(10_000)}'`));
  assert.throws(() => where(`productname like '${'a'.repeat(10_001)}'`), { code: 'QUERY_SYNTAX_ERROR' });
  assert.throws(() => where(`productname not like '${'%'.repeat(60_000)}'`), { code: 'QUERY_SYNTAX_ERROR' });
});

test('what is looked for behind a % is no longer than that takes a moment on a long text', () => {
  const long = 'a'.repeat(255);
  assert.ok(where(`productname like '${long}${long}%${long}%${long}%'`));
  assert.ok(where(`productname like '%${'%a'.repeat(4_000)}'`));
  assert.ok(where(`productname like '${'\\%'.repeat(300)}'`));
  assert.ok(where(`productname like '%${'\\%'.repeat(255)}'`));
  for (const pattern of [`%${long}a`, `x%${long}_%`, `%${'\\%'.repeat(256)}`]) {
    assert.throws(() => where(`productname like '${pattern}'`), { code: 'QUERY_SYNTAX_ERROR' });
    assert.throws(() => where(`productname not like '${pattern}'`), { code: 'QUERY_SYNTAX_ERROR' });
  }
});

test('an empty value is less than every other', () => {
  const empty: QueryCondition = { kind: 'null', field: 'serial_no' };
  assert.deepEqual(where("serial_no > ''"), { kind: 'not', part: empty });
  assert.deepEqual(where("serial_no <= ''"), empty);
  assert.deepEqual(where("serial_no >= ''"), { kind: 'and', parts: [] });
  assert.deepEqual(where('serial_no < null'), { kind: 'or', parts: [] });
  assert.deepEqual(where("not serial_no > ''"), empty);
  assert.deepEqual(where("not serial_no >= ''"), { kind: 'or', parts: [] });
});

test('unknown modules and fields are denied as the original denies them', () => {
  assert.throws(() => parse('select * from Nope'), { code: 'ACCESS_DENIED' });
  const message = "Permission to access '.zzz.' attribute denied.";
  assert.throws(() => parse('select zzz from Products'), { code: 'ACCESS_DENIED', message });
  assert.throws(() => parse("select * from Products where zzz = 'a'"), { code: 'ACCESS_DENIED', message });
  assert.throws(() => parse('select * from Products order by zzz'), { code: 'ACCESS_DENIED', message });
});

test('a message repeats no more than the start of a long name', () => {
  const name = 'z'.repeat(100_000);
  for (const text of [`select ${name} from Products`, `select * from ${name}`]) {
    assert.throws(
      () => parse(text),
      (error) => error instanceof MapwrightError && error.code === 'ACCESS_DENIED' && error.message.length < 200,
    );
  }
});

test('nesting and length are bounded', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}quantity = 1${')'.repeat(depth)}`;
  assert.deepEqual(where(nested(20)), equal('quantity', 1));
  assert.throws(() => where(nested(100_000)), { code: 'QUERY_SYNTAX_ERROR' });
  assert.throws(() => where(`${'not '.repeat(10_000)}quantity = 1`), { code: 'QUERY_SYNTAX_ERROR' });
  assert.throws(() => where(Array(300).fill('quantity = 1').join(' and ')), { code: 'QUERY_SYNTAX_ERROR' });
  assert.throws(() => where(`quantity in (${Array(2_000).fill('1').join(',')})`), { code: 'QUERY_SYNTAX_ERROR' });
  assert.throws(() => where(`serial_no = '${'a'.repeat(300_000)}'`), { code: 'QUERY_SYNTAX_ERROR' });
});

test('any text gives a query or a MapwrightError', () => {
  const words = ['select', '*', 'from', 'Products', 'where', 'quantity', '=', "'a'", '1', '(', ')', 'not', 'and', 'or'];
  const more = ['in', 'like', 'is', 'null', 'order', 'by', 'limit', ',', ';', 'count', 'serial_no', '"', "'", '\\'];
  const likely = fc.array(fc.constantFrom(...words, ...more)).map((tokens) => tokens.join(' '));
  const rest = likely.map((text) => `select * from Products where ${text}`);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), likely, rest), (text) => {
      try {
        assert.equal(parse(text).module.length > 0, true);
      } catch (error) {
        assert.ok(error instanceof MapwrightError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
