import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHEMEX, codesOf, ofType, rulesOf } from './rule-world.ts';

const CONDITIONS =
  '[{"fieldname":"category","operation":"is","value":"$[wanted]","valuetype":"rawtext","joincondition":"and","groupid":"0"}]';

const query = (returns: string, fields = '<fields>category, amount,account_id</fields>', conditions = CONDITIONS) =>
  `<map><module>Discounts</module>${fields}<conditions>${conditions}</conditions><return>${returns}</return></map>`;

const sql = (text: string, returns = 'recordset'): string =>
  `<map><sql><![CDATA[${text}]]></sql><return>${returns}</return></map>`;

describe('a condition query', () => {
  const ask = (text: string, wanted: string) => rulesOf({ Query: text }).evaluateRule('Query', { wanted });

  it('counts the records', async () => {
    assert.equal(await ask(query('COUNT'), 'A'), 2);
    assert.equal(await ask(query('count'), 'C'), 0);
  });

  it('gives the rows with the fields that it names, references as numbers', async () => {
    assert.deepEqual(await ask(query('recordset'), 'A'), [
      { category: 'A', amount: '10', account_id: '74' },
      { category: 'A', amount: '5', account_id: '' },
    ]);
  });

  it('gives the number of each record when it names no fields', async () => {
    assert.deepEqual(await ask(query('recordset', ''), 'B'), [{ id: '3' }]);
  });

  it('gives a field of the first record, or false', async () => {
    assert.equal(await ask(query('amount'), 'A'), '10');
    assert.equal(await ask(query('amount'), 'C'), false);
    assert.equal(await ask(query('amounts'), 'A'), false);
  });

  it('names the records it finds by their ids', async () => {
    const maps = rulesOf({ Query: query('count') });
    assert.deepEqual(await maps.records('Query', { wanted: 'A' }, undefined), ['71x1', '71x2']);
    assert.equal(
      await rulesOf({ Rule: '<map><expression>1</expression></map>' }).records('Rule', {}, undefined),
      undefined,
    );
  });

  it('may be forced on a text that could be something else', async () => {
    const both = query('count').replace('<return>', '<targetmodule/><return>');
    assert.ok(codesOf({ Query: both }).includes('COREBOS_MAPPING_EMPTY'));
    const maps = rulesOf({ Query: ofType('Condition Query', both) }, ['DOCUMENT_ELEMENT_UNKNOWN']);
    assert.equal(await maps.evaluateRule('Query', { wanted: 'A' }), 2);
  });

  it('is refused with conditions that are none, and kept with a warning where its module is not', () => {
    assert.deepEqual(codesOf({ Query: query('count', '', '[{"fieldname":1}]') }), ['CONDITION_MEMBER']);
    assert.deepEqual(codesOf({ Query: query('count').replace('Discounts', 'Quotes') }), ['MODULE_UNKNOWN']);
    assert.deepEqual(codesOf({ Query: query('count', '<fields>category,colour</fields>') }), ['FIELD_UNKNOWN']);
  });

  it('fails when it is asked in a module that is not there', async () => {
    const maps = rulesOf({ Query: query('count').replace('Discounts', 'Quotes') }, ['MODULE_UNKNOWN']);
    await assert.rejects(maps.evaluateRule('Query', { wanted: 'A' }), { code: 'MODULE_UNKNOWN' });
  });
});

describe('SQL of a condition query', () => {
  const read: readonly (readonly [text: string, answer: unknown])[] = [
    [
      'SELECT accountid,accountname FROM vtiger_account INNER JOIN vtiger_crmentity ce ON ce.crmid=vtiger_account.accountid WHERE ce.deleted=0 AND vtiger_account.accountid =?',
      [{ id: '74', accountname: 'Chemex' }],
    ],
    ["select accountname from Accounts where accountname = 'Row''ley' or_not_there is null;", undefined],
    [
      "select accountname from accounts a where a.employees >= 5 and a.accountname <> 'Chemex';",
      [{ accountname: 'Rowley' }],
    ],
    ['SELECT accountname FROM Accounts AS x WHERE employees < $[limit]', [{ accountname: 'Rowley' }]],
    ['SELECT accountname FROM Accounts WHERE parent_id IS NOT NULL', [{ accountname: 'Chemex' }]],
    ['SELECT * FROM Accounts', [{ id: '74' }, { id: '75' }]],
  ];
  for (const [text, answer] of read) {
    it(`${answer === undefined ? 'refuses' : 'reads'} ${text}`, async () => {
      if (answer === undefined) return assert.deepEqual(codesOf({ Query: sql(text) }), ['RULE_SQL_REFUSED']);
      const maps = rulesOf({ Query: sql(text) });
      assert.deepEqual(await maps.evaluateRule('Query', { ...CHEMEX, limit: '10' }), answer);
    });
  }

  for (const text of [
    'DROP TABLE vtiger_account',
    'SELECT accountname FROM nowhere',
    'SELECT accountname FROM constructor',
    "SELECT accountname FROM Accounts WHERE accountname toString 'x'",
    "SELECT accountname FROM Accounts WHERE accountname LIKE '%x'",
    "SELECT accountname FROM Accounts WHERE a = 'x' OR b = 'y'",
    'SELECT accountname FROM Accounts, Discounts',
    'SELECT accountname FROM Accounts INNER JOIN vtiger_contactdetails ON a.b = c.d',
    'SELECT count(*) FROM Accounts',
    'SELECT accountname FROM Accounts WHERE employees = (SELECT 1)',
    'SELECT accountname FROM Accounts; DELETE FROM Accounts',
    'SELECT accountname FROM Accounts UNION SELECT 1',
    "SELECT accountname FROM Accounts WHERE accountname = 'open",
    'SELECT',
    ';',
  ]) {
    it(`refuses ${text}`, () => {
      assert.deepEqual(codesOf({ Query: sql(text) }), ['RULE_SQL_REFUSED']);
    });
  }

  it('counts before it looks at rows', async () => {
    assert.equal(await rulesOf({ Query: sql('SELECT * FROM Accounts', 'count') }).evaluateRule('Query', {}), 2);
  });
});
