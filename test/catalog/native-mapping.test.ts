import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { CHEMEX, codesOf, rulesOf } from './rule-world.ts';

const mapping = (sets: string, attributes = ''): string =>
  `<mapping xmlns="urn:mapwright:1" name="Mapping" ${attributes}>${sets}</mapping>`;

const ACCOUNTS = 'from="Accounts"';
const SIZE = "<map><expression>if employees > 100 then 'big' else 'small' end</expression></map>";

const apply = (sets: string, values: JsonObject, attributes = '') =>
  rulesOf({ Mapping: mapping(sets, attributes), Size: SIZE }).applyMapping('Mapping', values);

const ORDER: JsonObject = {
  customer: { id: 7, name: 'Anna', tags: ['a', 'b'] },
  lines: [{ amount: 2.5 }, { amount: 0 }],
  paid: true,
  employees: 3,
  nothing: null,
  'odd.key': 'whole',
};

describe('a native mapping of a row', () => {
  const cases: readonly (readonly [source: string, value: unknown])[] = [
    ['from="employees"', 3],
    ['from="paid"', true],
    ['from="customer.name"', 'Anna'],
    ['from="customer.tags"', ['a', 'b']],
    ['from="lines.0.amount"', 2.5],
    ['from="odd.key"', 'whole'],
    ['from="nobody" default="none"', 'none'],
    ['from="customer.nobody" default=""', ''],
    ['from="lines.9.amount" default="0" type="number"', 0],
    ['from="nothing" default="none"', null],
    ['from="employees" type="string"', '3'],
    ['value=" plain "', ' plain '],
    ['template="No. {record.employees}!"', 'No. 3!'],
    ['jsonata="$sum(record.lines.amount)"', 2.5],
    ['context="employees"', 3],
    ['jsonata="user.id"', '19x1'],
    ['rule="Size"', 'small'],
    ['legacy="employees * 2"', 6],
    ['legacy-template="No. $employees!"', 'No. 3!'],
  ];
  for (const [source, value] of cases) {
    it(`gives ${JSON.stringify(value)} for ${source}`, async () => {
      assert.deepEqual(await apply(`<set field="a" ${source}/>`, ORDER), { a: value });
    });
  }

  it('nests values, repeats them for each item, and leaves out what is empty where it is told to', async () => {
    const sets = `
      <set field="element"><parameter name="subject" field="customer.name"/><parameter name="lines" each="record.lines">
        <parameter name="net" jsonata="item.amount"/></parameter></set>
      <set field="gone" from="nothing" when-empty="omit"/><set field="cleared" value="" when-empty="null"/>`;
    assert.deepEqual(await apply(sets, ORDER), {
      element: { subject: 'Anna', lines: [{ net: 2.5 }, { net: 0 }] },
      cleared: null,
    });
  });

  it('keeps the parts of coreBOS, with the type of one that is alone', async () => {
    const sets = `
      <set field="one"><legacy-parts><part as="name">employees</part></legacy-parts></set>
      <set field="two"><legacy-parts delimiter="/"><part as="name">employees</part><part as="const">x</part></legacy-parts></set>
      <set field="in"><parameter name="one"><legacy-parts><part as="name">paid</part></legacy-parts></parameter></set>`;
    assert.deepEqual(await apply(sets, ORDER), { one: 3, two: '3/x', in: { one: true } });
  });

  const failures: readonly (readonly [source: string, code: string])[] = [
    ['from="nobody"', 'PARAMETER_SOURCE_MISSING'],
    ['from="customer.name" type="number"', 'PARAMETER_TYPE'],
    ['from="nothing" when-empty="fail"', 'PARAMETER_EMPTY'],
  ];
  for (const [source, code] of failures) {
    it(`fails with ${code} for ${source}`, async () => {
      await assert.rejects(apply(`<set field="a" ${source}/>`, ORDER), { code });
    });
  }
});

describe('a native mapping of a record', () => {
  it('reads its fields with their types, and those behind references', async () => {
    const sets = `
      <set field="name" from="accountname"/><set field="employees" from="employees"/><set field="parent" from="parent_id"/>
      <set field="behind" from="parent_id.employees"/><set field="id" jsonata="record.id"/>
      <set field="many" jsonata="record.employees > 100"/><set field="text" template="{record.parent_id.accountname}"/>`;
    assert.deepEqual(await apply(sets, CHEMEX, ACCOUNTS), {
      name: 'Chemex',
      employees: 500,
      parent: '11x75',
      behind: 5,
      id: '11x74',
      many: true,
      text: 'Rowley',
    });
  });

  it('sees values that stand over the record, and what lies behind nothing as null', async () => {
    const sets = '<set field="n" from="accountname"/><set field="b" from="parent_id.accountname"/>';
    const values = { record_id: '11x75', accountname: 'Other' };
    assert.deepEqual(await apply(sets, values, ACCOUNTS), { n: 'Other', b: null });
  });

  it('gives texts of a row the types of the module it is from', async () => {
    const sets = '<set field="e" from="employees"/><set field="n" from="accountname"/>';
    assert.deepEqual(await apply(sets, { employees: '12', accountname: '' }, ACCOUNTS), { e: 12, n: '' });
    assert.deepEqual(await apply(sets, { employees: '', accountname: '7' }, ACCOUNTS), { e: null, n: '7' });
    assert.deepEqual(await apply(sets, { employees: 'a few', accountname: '7' }, ACCOUNTS), { e: 'a few', n: '7' });
  });

  it('ends when mappings apply each other in a circle', async () => {
    const rows = `<set field="a" legacy="applyMaptoArrayElements(getFromContext('rows'), 'Mapping')"/>`;
    const nested = (depth: number): JsonObject => (depth === 0 ? {} : { rows: [nested(depth - 1)] });
    assert.deepEqual(await apply(rows, nested(2)), { a: [{ a: [{ a: [] }] }] });
    await assert.rejects(apply(rows, nested(20)), { code: 'RULE_TOO_DEEP' });
  });
});

describe('the check of native mappings', () => {
  const cases: readonly (readonly [what: string, sets: string, attributes: string, codes: readonly string[]])[] = [
    ['an unknown field', '<set field="a" from="employes"/>', ACCOUNTS, ['FIELD_UNKNOWN']],
    ['what follows no reference', '<set field="a" from="employees.x"/>', ACCOUNTS, ['FIELD_NO_REFERENCE']],
    [
      'an unknown module',
      '<set field="a" value="1"/>',
      'from="Acounts" to="Nowhere"',
      ['MODULE_UNKNOWN', 'MODULE_UNKNOWN'],
    ],
    ['an unknown target', '<set field="categorie" value="1"/>', 'to="Discounts"', ['FIELD_UNKNOWN']],
    ['a literal that does not fit', '<set field="amount" value="much"/>', 'to="Discounts"', ['FIELD_VALUE_INVALID']],
    ['a target twice', '<set field="a" value="1"/><set field="a" value="2"/>', '', ['FIELD_SET_TWICE']],
    ['a target with dots', '<set field="a.b" value="1"/>', '', ['MAPPING_TARGET_DOTTED']],
    ['a secret', '<set field="a" secret="key"/>', '', ['SOURCE_UNAVAILABLE']],
    [
      'a secret in a template',
      '<set field="a"><parameter name="b" template="x{secret.key}"/></set>',
      '',
      ['SOURCE_UNAVAILABLE'],
    ],
    ['the record before', '<set field="a" jsonata="previous.x"/>', '', ['SOURCE_UNAVAILABLE']],
    ['all settings', '<set field="a" jsonata="$keys(setting)"/>', '', ['SOURCE_UNAVAILABLE']],
    ['an unknown rule', '<set field="a" rule="Nobody"/>', '', ['RULE_UNKNOWN']],
    ['an expression that is none', '<set field="a" jsonata="1 +"/>', '', ['EXPRESSION_SYNTAX']],
    ['a name twice', '<set field="a" value="1"/>', '', []],
  ];
  for (const [what, sets, attributes, codes] of cases) {
    it(`tells ${codes.join(' ')} of ${what}`, () => {
      assert.deepEqual(codesOf({ Mapping: mapping(sets, attributes) }), codes);
    });
  }

  it('refuses a native mapping and one of coreBOS with the same name', () => {
    const legacy =
      '<map><originmodule/><targetmodule/><fields><field><fieldname>a</fieldname><value>1</value></field></fields></map>';
    const texts = { Other: mapping('<set field="a" value="1"/>'), Mapping: legacy };
    assert.deepEqual(codesOf(texts), ['DOCUMENT_DUPLICATE']);
  });
});
