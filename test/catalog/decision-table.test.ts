import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { CHEMEX, codesOf, rulesOf } from './rule-world.ts';

const NONE = '__DoesNotPass__';

const rule = (sequence: string, test: string, output = 'ExpressionResult'): string =>
  `<rule><sequence>${sequence}</sequence>${test}<output>${output}</output></rule>`;

const expression = (text: string): string => `<expression><![CDATA[${text}]]></expression>`;

const table = (policy: string, ...rules: string[]): string =>
  `<decision>${policy.length > 1 ? `<hitPolicy>G</hitPolicy><aggregate>${policy}</aggregate>` : `<hitPolicy>${policy}</hitPolicy>`}
   <rules>${rules.join('')}</rules></decision>`;

const values = (policy: string, ...texts: string[]): string =>
  table(policy, ...texts.map((text, index) => rule(String(index + 1), expression(text))));

const decide = (text: string, given: JsonObject = CHEMEX, told: string[] = []) =>
  rulesOf({ Decision: text }, told).evaluateRule('Decision', given);

describe('a hit policy', () => {
  const cases: readonly (readonly [policy: string, texts: readonly string[], answer: unknown])[] = [
    ['U', ["'a'", `'${NONE}'`], 'a'],
    ['U', ["'a'", "'b'"], NONE],
    ['U', [`'${NONE}'`], NONE],
    ['F', [`'${NONE}'`, "'b'", "'a'"], 'b'],
    ['F', ['1 == 1', "'b'"], 'b'],
    ['F', ["'0'", "'b'"], NONE],
    ['C', ["'b'", `'${NONE}'`, "'a'"], ['b', 'a']],
    ['C', [`'${NONE}'`], NONE],
    ['A', ["'a'", `'${NONE}'`, "'a'"], 'a'],
    ['A', ["'a'", "'b'"], NONE],
    ['A', ["''", "'b'"], 'b'],
    ['sum', ["'10'", '2.5', "'x'", `'${NONE}'`], 12.5],
    ['sum', ["'x'"], NONE],
    ['min', ["'10'", '2', "'x'"], 2],
    ['max', ["'10'", '2', "'x'"], '10'],
    ['count', ["'10'", '2', "'x'"], 2],
    ['sum', ["'1e400'", '2'], 'INF'],
    ['min', ["'-1e400'"], '-INF'],
  ];
  for (const [policy, texts, answer] of cases) {
    it(`${policy} of ${texts.join(' ')} gives ${JSON.stringify(answer)}`, async () => {
      const given = await decide(values(policy, ...texts));
      assert.deepEqual(
        typeof given === 'number' ? String(given) : given,
        typeof answer === 'number' ? String(answer) : answer,
      );
    });
  }

  it('R goes by sequence, whole numbers by their size', async () => {
    const text = table(
      'R',
      rule('10', expression("'ten'")),
      rule('9', expression("'nine'")),
      rule('x', expression("'x'")),
    );
    assert.deepEqual(await decide(text), ['nine', 'ten', 'x']);
  });
});

describe('a rule of a decision table', () => {
  it('sees the record and values in its text', async () => {
    const text = values('F', "if employees > $[least] then accountname else 'none' end");
    assert.equal(await decide(text, { ...CHEMEX, least: '100' }), 'Chemex');
    assert.equal(await decide(text, { ...CHEMEX, least: '900' }), 'none');
  });

  it('asks another rule, and fails when that is not there', async () => {
    const size = "<map><expression>if employees > 100 then 'big' else 'small' end</expression></map>";
    const text = table('F', rule('1', '<mapid>Size</mapid>'));
    assert.equal(await rulesOf({ Size: size, Decision: text }).evaluateRule('Decision', CHEMEX), 'big');
    await assert.rejects(decide(text, CHEMEX, ['RULE_UNKNOWN']), { code: 'RULE_UNKNOWN' });
  });

  it('gives all fields of the record whose id it computes', async () => {
    const text = table(
      'F',
      rule('1', expression("'11x75'"), 'crmObject'),
      rule('2', expression("'11x9'"), 'crmObject'),
    );
    const answer = await decide(text);
    assert.deepEqual(answer, {
      accountname: 'Rowley',
      employees: '5',
      parent_id: '',
      account_no: 'ACC2',
      id: '11x75',
      record_module: 'Accounts',
    });
    assert.equal(await decide(table('F', rule('1', expression("'11x9'"), 'crmObject'))), NONE);
  });

  it('of the same sequence takes the place of an earlier one', async () => {
    const text = table('C', rule('1', expression("'a'")), rule('1', expression("'b'")));
    assert.deepEqual(await decide(text, CHEMEX, ['COREBOS_SEQUENCE_REPEATED']), ['b']);
  });
});

describe('a search of a decision table', () => {
  const condition = (input: string, operation: string, field: string, preprocess = ''): string =>
    `<condition><input>${input}</input>${preprocess}<operation>${operation}</operation><field>${field}</field></condition>`;
  const search = (parts: string, output = 'amount', order = '<orderby>amount DESC</orderby>'): string =>
    `<decisionTable><module>Discounts</module>${parts}${order}<output>${output}</output></decisionTable>`;
  const must = (...conditions: string[]): string => `<conditions>${conditions.join('')}</conditions>`;
  const may = (...conditions: string[]): string => `<searches><search>${conditions.join('')}</search></searches>`;

  it('gives the values of what it finds in their order', async () => {
    const text = table('C', rule('1', search(must(condition('category', 'e', 'category')))));
    assert.deepEqual(await decide(text, { category: 'A' }), ['10', '5']);
    const literal = table('C', rule('1', search(must(condition('B', 'e', 'category')))));
    assert.deepEqual(await decide(literal, {}), ['7']);
  });

  it('lets records leave a field open, and the context an input', async () => {
    const text = table('C', rule('1', search(may(condition('country', 'e', 'country')))));
    assert.deepEqual(await decide(text, { country: 'FR' }), ['5']);
    assert.deepEqual(await decide(text, { country: 'ES' }), ['10', '7', '5']);
    assert.deepEqual(await decide(text, { country: '__IGNORE__' }), ['10', '7', '5']);
    assert.deepEqual(await decide(text, {}), ['10', '7', '5']);
  });

  it('takes names that every object has for those of values and fields alone', async () => {
    const text = table('C', rule('1', search(may(condition('constructor', 'e', 'country')), 'amount', '')));
    assert.deepEqual(await decide(text, { category: 'A' }), ['10', '5', '7']);
    const sorted = search(must(condition('toString', 'e', 'country')), 'amount', '<orderby>constructor</orderby>');
    assert.equal(await decide(table('C', rule('1', sorted)), {}), NONE);
  });

  it('takes a reference by its number, and an empty one as open', async () => {
    const text = table('C', rule('1', search(may(condition('account', 'e', 'account_id')))));
    assert.deepEqual(await decide(text, { account: '74' }), ['10', '5']);
    assert.deepEqual(await decide(text, { account: '11x75' }), ['7', '5']);
  });

  it('prepares what it looks for', async () => {
    const prepare = "<preprocess>uppercase('$[country]')</preprocess>";
    const text = table('F', rule('1', search(may(condition('country', 'e', 'country', prepare)), 'amount', '')));
    assert.equal(await decide(text, { country: 'es' }), '10');
  });

  it('gives rows, ids and records', async () => {
    const found = must(condition('B', 'e', 'category'));
    assert.deepEqual(await decide(table('C', rule('1', search(found, 'amount,account_id'), 'Row'))), [
      { amount: '7', account_id: '75' },
    ]);
    assert.deepEqual(await decide(table('F', rule('1', search(found, 'id')))), '3');
    const record = await decide(table('F', rule('1', search(found, 'id'), 'crmObject')));
    assert.ok(typeof record === 'object' && record !== null && 'amount' in record && record.amount === '7');
  });

  it('compares with one of several, and with none of them', async () => {
    const one = (operation: string) =>
      decide(table('C', rule('1', search(must(condition('A, B', operation, 'category')), 'amount'))), {});
    assert.deepEqual(await one('i'), ['10', '7', '5']);
    assert.equal(await one('ni'), NONE);
  });

  it('is refused with a comparison that there is not', () => {
    const text = table('F', rule('1', search(must(condition('a', 'like', 'category')))));
    assert.deepEqual(codesOf({ Decision: text }), ['COREBOS_OPERATION_UNKNOWN']);
  });
});
