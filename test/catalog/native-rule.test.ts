import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { CHEMEX, codesOf, rulesOf } from './rule-world.ts';

const rule = (attributes: string, content = ''): string =>
  `<rule xmlns="urn:mapwright:1" name="Tried" ${attributes}>${content}</rule>`;

const ask = (attributes: string, content = '', given: JsonObject = CHEMEX) =>
  rulesOf({ Tried: rule(attributes, content) }).evaluateRule('Tried', given);

const codes = (attributes: string, content = '') => codesOf({ Tried: rule(attributes, content) });

describe('a native rule with one value', () => {
  it('sees the stored record with its types, and what it is asked with over it', async () => {
    assert.equal(await ask('module="Accounts" jsonata="record.employees + 1"'), 501);
    assert.equal(await ask('module="Accounts" jsonata="record.employees + 1"', '', { ...CHEMEX, employees: '9' }), 10);
    assert.equal(await ask('module="Accounts" field="parent_id"'), '11x75');
    assert.equal(await ask('module="Accounts" field="parent_id.accountname"'), 'Rowley');
    assert.equal(
      await ask('module="Accounts" template="{record.accountname}/{context.token}"', '', { token: 't' }),
      '/t',
    );
  });

  it('gives numbers, truths, lists and objects', async () => {
    assert.equal(await ask('value="4.5" type="number"'), 4.5);
    assert.equal(await ask('jsonata="record.employees > 100" module="Accounts"'), true);
    assert.equal(await ask('jsonata="record.nothing"'), null);
    const object =
      '<give name="name" field="accountname"/><give name="least" context="least" default="3" type="integer"/>';
    assert.deepEqual(await ask('module="Accounts"', object), { name: 'Chemex', least: 3 });
  });

  it('keeps expressions of coreBOS, values in their texts among them', async () => {
    const text = `if employees > $[least] then accountname else 'none' end`;
    const given = { ...CHEMEX, least: '100' };
    assert.equal(await ask(`legacy="${text.replace('>', '&gt;')}"`, '', given), 'Chemex');
    assert.equal(await ask('legacy-template="of $accountname"'), 'of Chemex');
  });

  it('asks other rules of either dialect, and is asked by them', async () => {
    const texts = {
      Size: `<map><expression>if employees > 100 then 'big' else 'small' end</expression></map>`,
      Tried: rule('rule="Size"'),
      Outer: `<map><expression>concat(evaluateRule('Tried'), '!')</expression></map>`,
    };
    assert.equal(await rulesOf(texts).evaluateRule('Outer', CHEMEX), 'big!');
  });

  it('is refused with names that are not there, and where it would tell a secret', () => {
    assert.deepEqual(codes('module="Acounts" value="1"'), ['MODULE_UNKNOWN']);
    assert.deepEqual(codes('module="Accounts" field="employes"'), ['FIELD_UNKNOWN']);
    assert.deepEqual(codes('rule="Sise"'), ['RULE_UNKNOWN']);
    assert.deepEqual(codes('secret="key"'), ['RULE_SECRET']);
    assert.deepEqual(codes('', '<give name="a" template="{secret.key}"/>'), ['RULE_SECRET']);
    assert.deepEqual(codes('template="{step.key}"'), ['PARAMETER_UNKNOWN']);
    assert.deepEqual(codes('template="{name}"'), ['PARAMETER_UNKNOWN']);
    assert.deepEqual(codes('file="copy"'), ['SOURCE_UNAVAILABLE']);
    assert.deepEqual(codes('jsonata="("'), ['EXPRESSION_SYNTAX']);
  });

  it('fails where a value that it needs is not there', async () => {
    await assert.rejects(ask('context="token"'), { code: 'PARAMETER_SOURCE_MISSING' });
    await assert.rejects(ask('value="many" type="integer"'), { code: 'PARAMETER_TYPE' });
  });
});

describe('rows of a native rule', () => {
  const number = (value: number, when = 'true'): string => `<row when="${when}" value="${value}" type="number"/>`;
  const text = (value: string, when = 'true'): string => `<row when="${when}" value="${value}"/>`;
  const none = text('never', 'false');
  const cases: readonly (readonly [hit: string, rows: string, answer: unknown])[] = [
    ['first', none + text('a') + text('b'), 'a'],
    ['first', number(0) + number(1), 0],
    ['first', '<row jsonata="null"/><row value="__DoesNotPass__"/>' + text('a'), 'a'],
    ['first', none, null],
    ['first', '<row jsonata="false"/>', false],
    ['unique', none + text('a'), 'a'],
    ['unique', text('a') + text('b'), null],
    ['any', text('a') + text('a'), 'a'],
    ['any', text('a') + text('b'), null],
    ['any', number(1) + text('1'), null],
    ['collect', text('b') + none + text('a'), ['b', 'a']],
    ['collect', none, []],
    ['sum', number(0.1) + number(0.2) + text('x') + none, 0.3],
    ['sum', text('12') + number(-12), 0],
    ['sum', number(1_234_567_890_123_456) + number(1), 1_234_567_890_123_457],
    ['sum', none, 0],
    ['min', number(5) + number(0) + text('7'), 0],
    ['max', number(-5) + number(-7), -5],
    ['max', text('x'), null],
    ['count', text('10') + number(0) + text('x') + none, 2],
    ['count', none, 0],
  ];
  for (const [hit, rows, answer] of cases) {
    it(`${hit} of ${rows} gives ${JSON.stringify(answer)}`, async () => {
      assert.deepEqual(await ask(`hit="${hit}"`, rows), answer);
    });
  }

  it('hold by conditions, JSONata and conditions of coreBOS, all of them', async () => {
    const big = '<condition field="employees" is="greater" value="100"/>';
    const named = `<legacy-conditions>[{"fieldname":"accountname","operation":"is","value":"Chemex","valuetype":"rawtext"}]</legacy-conditions>`;
    const rows = `<row value="a" when="context.on = 'yes'">${big}${named}</row><otherwise value="z"/>`;
    assert.equal(await ask('module="Accounts"', rows, { ...CHEMEX, on: 'yes' }), 'a');
    assert.equal(await ask('module="Accounts"', rows, { ...CHEMEX, on: 'no' }), 'z');
    assert.equal(await ask('module="Accounts"', rows, { record_id: '75', record_module: 'Accounts', on: 'yes' }), 'z');
  });

  it('do not look at rows behind the first that gives something', async () => {
    assert.equal(await ask('hit="first"', `${text('a')}<row context="missing"/>`), 'a');
    await assert.rejects(ask('hit="collect"', `${text('a')}<row context="missing"/>`), {
      code: 'PARAMETER_SOURCE_MISSING',
    });
  });

  it('give a value for each record that they find', async () => {
    const search =
      '<search module="Discounts" field="amount" order="-amount"><condition field="category" is="equal" context="category"/></search>';
    assert.deepEqual(await ask('hit="collect"', `<row>${search}</row>`, { category: 'A' }), [10, 5]);
    assert.equal(await ask('hit="sum"', `<row>${search}</row>${number(1)}`, { category: 'A' }), 16);
    assert.equal(await ask('hit="first"', `<row>${search}</row><otherwise value="none"/>`, { category: 'C' }), 'none');
  });
});

describe('a native rule that finds records', () => {
  const search = (attributes: string, conditions: string): string =>
    `<search module="Discounts" ${attributes}>${conditions}</search>`;
  const category = '<condition field="category" is="equal" context="wanted"/>';
  const find = (attributes: string, conditions = category, given: JsonObject = { wanted: 'A' }) =>
    ask('', search(attributes, conditions), given);

  it('gives a field, an id, an object, a list or a count', async () => {
    assert.equal(await find('field="amount"'), 10);
    assert.equal(await find('field="amount" order="amount"'), 5);
    assert.equal(await find(''), '71x1');
    assert.deepEqual(await find('fields="id account_id"'), { id: '71x1', account_id: '11x74' });
    assert.deepEqual(await find('give="all" field="amount" limit="1"'), [10]);
    assert.deepEqual(await find('give="all" fields="amount category" order="amount"'), [
      { amount: 5, category: 'A' },
      { amount: 10, category: 'A' },
    ]);
    assert.equal(await find('give="count"'), 2);
  });

  it('gives nothing, an empty list, 0 or what is said otherwise where nothing is found', async () => {
    const none = { wanted: 'C' };
    assert.equal(await find('field="amount"', category, none), null);
    assert.deepEqual(await find('give="all"', category, none), []);
    assert.equal(await find('give="count"', category, none), 0);
    assert.equal(await ask('', `${search('', category)}<otherwise jsonata="false"/>`, none), false);
  });

  it('compares as conditions do, joins by any and all, and lets conditions hold without a value', async () => {
    const ids = (conditions: string, given: JsonObject = {}) => find('give="all"', conditions, given);
    assert.deepEqual(await ids('<condition field="amount" is="greater" value="6"/>'), ['71x1', '71x3']);
    assert.deepEqual(await ids('<condition field="amount" is="equal" value="10.0"/>'), ['71x1']);
    assert.deepEqual(await ids('<condition field="account_id" is="empty"/>'), ['71x2']);
    assert.deepEqual(
      await ids('<condition field="account_id" is="equal" jsonata="context.account"/>', { account: '11x75' }),
      ['71x3'],
    );
    assert.deepEqual(await ids('<condition field="category" is="one-of" value="B C"/>'), ['71x3']);
    assert.deepEqual(await ids(`<condition field="amount" is="one-of" jsonata="[5, 7]"/>`), ['71x2', '71x3']);
    const either =
      '<any><condition field="amount" is="less" value="6"/><all><condition field="category" is="equal" value="B"/><condition field="country" is="equal" value="ES"/></all></any>';
    assert.deepEqual(await ids(either), ['71x2', '71x3']);
    const open = `<any><condition field="country" is="equal" context="country" when-empty="hold"/><condition field="country" is="equal" value="__IGNORE__"/></any>`;
    assert.deepEqual(await ids(open, { country: 'FR' }), ['71x2']);
    assert.deepEqual(await ids(open), ['71x1', '71x2', '71x3']);
    const legacy =
      '<legacy-conditions>[{"fieldname":"amount","operation":"greater than","value":"$[least]","valuetype":"rawtext"}]</legacy-conditions>';
    assert.deepEqual(await ids(legacy + category, { least: '6', wanted: 'A' }), ['71x1']);
  });

  it('names the records for tasks that work on them', async () => {
    const maps = rulesOf({ Tried: rule('', search('field="amount"', category)) });
    assert.deepEqual(await maps.records('Tried', { wanted: 'A' }, undefined), ['71x1', '71x2']);
  });

  it('is refused with modules and fields that are not there, and does not compare one value with a list', async () => {
    assert.deepEqual(codes('', '<search module="Discount"/>'), ['MODULE_UNKNOWN']);
    assert.deepEqual(codes('', search('field="amont" order="-categry"', '<condition field="contry" is="empty"/>')), [
      'FIELD_UNKNOWN',
      'FIELD_UNKNOWN',
      'FIELD_UNKNOWN',
    ]);
    await assert.rejects(find('', '<condition field="amount" is="equal" jsonata="[1]"/>'), {
      code: 'EXPRESSION_FAILED',
    });
  });
});
