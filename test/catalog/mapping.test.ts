import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { CHEMEX, codesOf, rulesOf } from './rule-world.ts';

const part = (name: string, id: string, more = ''): string =>
  `<Orgfield><OrgfieldName><![CDATA[${name}]]></OrgfieldName><OrgfieldID>${id}</OrgfieldID>${more}</Orgfield>`;

const field = (target: string, parts: string, delimiter = ''): string =>
  `<field><fieldname>${target}</fieldname><Orgfields>${parts}<delimiter>${delimiter}</delimiter></Orgfields></field>`;

const mapping = (...fields: string[]): string =>
  `<map><originmodule><originname>Accounts</originname></originmodule><targetmodule><targetname>Jobs</targetname></targetmodule>
   <fields>${fields.join('')}</fields></map>`;

const SIZE = "<map><expression>if employees > 100 then 'big' else 'small' end</expression></map>";

const apply = (text: string, values: JsonObject) =>
  rulesOf({ Mapping: text, Size: SIZE }).applyMapping('Mapping', values);

const ORDER: JsonObject = {
  customer: { id: 7, name: 'Anna', tags: ['a', 'b'] },
  lines: [{ amount: 2.5 }, { amount: 0 }],
  paid: true,
  employees: 3,
  'odd.key': 'whole',
};

describe('a mapping of a row', () => {
  const cases: readonly (readonly [name: string, id: string, value: unknown])[] = [
    ['employees', '', 3],
    ['employees', '634', 3],
    ['nobody', '', ''],
    ['paid', '', true],
    ['customer.id', '', 7],
    ['customer.name', 'FIELD', 'Anna'],
    ['$customer.name', 'FIELD', 'Anna'],
    ['\u{C7}lines.0.amount', 'FIELD', 2.5],
    ['lines.1.amount', '', 0],
    ['lines.9.amount', 'FIELD', ''],
    ['customer.tags', '', ['a', 'b']],
    ['odd.key', '', 'whole'],
    [' plain text ', 'CONST', ' plain text '],
    ['employees * 2', 'EXPRESSION', 6],
    ['Size', 'RULE', 'small'],
    ['No. $employees!', 'TEMPLATE', 'No. 3!'],
  ];
  for (const [name, id, value] of cases) {
    it(`gives ${JSON.stringify(value)} for ${id === '' ? 'the name' : id} ${name}`, async () => {
      assert.deepEqual(await apply(mapping(field('a', part(name, id))), ORDER), { a: value });
    });
  }

  it('gives a rule the values that its part names', async () => {
    const text = mapping(field('a', part('firm', 'RULE', '<Rule>Size</Rule>')));
    assert.deepEqual(await apply(text, { employees: 3, firm: { employees: 300 } }), { a: 'big' });
    assert.deepEqual(await apply(text, { employees: 3, firm: 'x' }), { a: 'small' });
  });

  it('nests targets with dots, and keeps what is beside', async () => {
    const text = mapping(
      field('element.subject', part('customer.name', '')),
      field('element.owner.id', part('customer.id', '')),
      field('__proto__.x', part('x', 'CONST')),
      field('plain', part('y', 'CONST')),
    );
    const made = await apply(text, ORDER);
    assert.deepEqual(made?.['element'], { subject: 'Anna', owner: { id: 7 } });
    assert.equal(made?.['plain'], 'y');
    assert.equal(({} as { x?: string }).x, undefined);
  });

  it('joins parts as texts, and takes away no more delimiters than it put there', async () => {
    const joined = (delimiter: string, ...parts: string[]) =>
      apply(mapping(field('a', parts.map((one) => part(one, 'CONST')).join(''), delimiter)), ORDER);
    assert.deepEqual(await joined('; ', 'x', 'y'), { a: 'x; y' });
    assert.deepEqual(await joined('-', 'x-', ''), { a: 'x-' });
    assert.deepEqual(await joined('--None--', 'London', 'Spain'), { a: 'LondonSpain' });
    const mixed = mapping(field('a', part('employees', '') + part('paid', ''), '/'));
    assert.deepEqual(await apply(mixed, ORDER), { a: '3/1' });
  });

  it('takes a constant, and what becomes of a part after it', async () => {
    const text = mapping(
      '<field><fieldname>a</fieldname><value>7</value></field>',
      field('b', part('[1]', 'CONST', '<postProcess>json_decode</postProcess>')),
    );
    assert.deepEqual(await apply(text, ORDER), { a: '7', b: [1] });
  });

  it('gives the row to its user when it has no owner', async () => {
    const text = mapping(field('a', part('assigned_user_id', '')));
    assert.deepEqual(await apply(text, {}), { a: '19x1' });
    assert.deepEqual(await apply(text, { assigned_user_id: '19x5' }), { a: '19x5' });
  });
});

describe('a mapping of a record', () => {
  it('reads stored fields, and values that stand over them', async () => {
    const text = mapping(
      field('name', part('accountname', '')),
      field('parent', part('parent_id', '')),
      field('parentName', part('parent_id', 'EXPRESSION')),
      field('size', part('Size', 'RULE')),
      field('shown', part('accountname', 'FIELD')),
      field('behind', part('$(parent_id : (Accounts) accountname)', 'FIELD')),
    );
    assert.deepEqual(await apply(text, { ...CHEMEX, accountname: 'Other' }), {
      name: 'Other',
      parent: '75',
      parentName: 'Rowley',
      size: 'big',
      shown: 'Other',
      behind: 'Rowley',
    });
  });

  it('is not there under another name', async () => {
    assert.equal(await rulesOf({ Mapping: mapping(field('a', part('b', ''))) }).applyMapping('Other', {}), undefined);
  });

  it('is refused with a text that is none, and warned of where a rule is missing', () => {
    assert.deepEqual(codesOf({ Mapping: mapping(field('a', part('concat(', 'EXPRESSION'))) }), ['EXPRESSION_SYNTAX']);
    assert.deepEqual(codesOf({ Mapping: mapping(field('a', part('Nobody', 'RULE'))) }), ['RULE_UNKNOWN']);
  });
});

describe('record sets and information maps', () => {
  const set = (...records: string[]): string =>
    `<map><records>${records.map((one) => `<record>${one}</record>`).join('')}</records></map>`;

  it('name the records that are there, each once', async () => {
    const maps = rulesOf({
      Set: set(
        '<id>11x75</id>',
        '<id>74</id><module>Accounts</module>',
        '<module>Accounts</module><value>ACC1</value>',
        '<id>11x99</id>',
        '<id>1</id>',
      ),
    });
    assert.deepEqual(await maps.records('Set', {}, undefined), ['11x75', '11x74']);
    assert.deepEqual(await maps.records('Set', {}, 'Discounts'), ['11x75', '11x74', '71x1']);
  });

  it('take what is included as soon as anything is said', async () => {
    const maps = rulesOf({
      Set: set('<id>11x75</id><action>Include</action>', '<id>11x74</id>', '<id>71x1</id><action>group</action>'),
    });
    assert.deepEqual(await maps.records('Set', {}, undefined), ['11x75']);
  });

  it('say when they choose nothing', () => {
    assert.deepEqual(codesOf({ Set: set('<id>11x75</id><action>exclude</action>') }), ['RECORD_SET_EMPTY']);
  });

  it('hold values in their order', async () => {
    const text =
      '<map><information><infotype>Holidays</infotype><value>2025-12-25</value><value> 2025-12-26 </value></information></map>';
    const maps = rulesOf({ Holidays: text });
    assert.deepEqual(await maps.information('holidays'), ['2025-12-25', '2025-12-26']);
    assert.equal(await maps.information('Fairs'), undefined);
  });
});
