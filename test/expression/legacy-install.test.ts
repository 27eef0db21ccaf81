import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { onAccount, relatedServices } from './related-world.ts';

const SETTINGS = { greeting: 'hello', zero: '0', tax_VAT: '21.00', currency_USD: '1.08', autonumber_7: 'INV-0100' };
const groups = { Support: { id: '20x3', members: ['19x1'] } };

const VALUES: readonly [expression: string, value: Json][] = [
  ["getSetting('greeting')", 'hello'],
  ["getSetting('zero')", '0'],
  ["getSetting('nosuch')", ''],
  ["getSetting('nosuch', 'otherwise')", 'otherwise'],
  ["getSetting('constructor')", ''],
  ["concat(setSetting('a', 5), getSetting('a'))", '55'],
  ["setSetting('a')", ''],
  ["concat(delSetting('greeting'), getSetting('greeting', 'gone'))", 'gone'],
  ["globalvariable('nosuch')", null],
  ["globalvariable('greeting')", 'hello'],
  ["globalvariable('')", null],
  ["getCurrentConfiguredTaxValues('VAT')", '21.00'],
  ["getCurrentConfiguredTaxValues('None')", '0.00'],
  ["getCurrencyConversionValue('USD')", '1.08'],
  ["getCurrencyConversionValue('')", '0.00'],
  ["AutoNumberDec('7')", 'INV-0099'],
  ["concat(AutoNumberDec('7'), ' ', getSetting('autonumber_7'))", 'INV-0099 INV-0099'],
  ["concat(sendMessage('a'), sendMessage('b'), readMessage(), readMessage())", 'ab'],
  ["concat(sendMessage('a', 'c', 60), readMessage(), readMessage('c'))", 'a'],
  ['readMessage()', null],
  ['getCRUDMode()', 'create'],
  ["getRequest('mode')", 'fast'],
  ["getRequest('nosuch')", ''],
  ['Importing()', true],
  ['getCurrentUserName()', 'admin'],
  ["getCurrentUserName('Full')", 'Administrator'],
  ["getCurrentUserField('email1')", 'admin@example.com'],
  ["getCurrentUserField('nosuch')", ''],
  ["getCurrentUserField('rolename')", ''],
  ["getGroupID('Support')", '20x3'],
  ["getGroupID('Nobody')", ''],
  ["evaluateRule('score')", 'rule score of 11x74 Chemex 74'],
  ["evaluateRule('nosuch')", 0],
  ["evaluateRule('score', 1)", 0],
  ['evaluateRule()', 0],
  ["evaluateExpression('uppercase(accountname)')", 'CHEMEX'],
  ["concat(setToContext('k', 'v'), evaluateExpression('getFromContext(\"k\")'))", 'v'],
];

describe('functions that reach the install', () => {
  const world = () =>
    relatedServices({
      settings: SETTINGS,
      groups,
      install: { saveMode: 'create', request: { mode: 'fast' }, importing: true },
      maps: {
        evaluateRule: async (name, values) =>
          name === 'score'
            ? `rule ${name} of ${values['id']} ${values['accountname']} ${values['record_id']}`
            : undefined,
      },
    });
  for (const [expression, value] of VALUES) {
    it(expression, async () => assert.deepEqual(await onAccount(expression, world()), value));
  }

  it('evaluate the record as it is stored, not as it is at hand', async () => {
    const view = { record: { accountname: 'Changed' } };
    assert.equal(await onAccount("evaluateExpression('accountname')", world(), view), 'Chemex');
  });

  it('keep an expression that evaluates itself from going on for ever', async () => {
    const view = { record: { accountname: 'evaluateExpression(accountname)' } };
    const services = relatedServices({
      rows: [{ id: '11x74', module: 'Accounts', fields: { accountname: 'evaluateExpression(accountname)' } }],
    });
    await assert.rejects(onAccount('evaluateExpression(accountname)', services, view), {
      code: /EXPRESSION_(?:TOO_LARGE|TIMEOUT|FAILED)/u,
    });
  });

  it('refuse a setting that is too long, or whose name is no name', async () => {
    const long = 'x'.repeat(300);
    await assert.rejects(onAccount(`setSetting('${long}', 1)`), { code: 'EXPRESSION_FAILED' });
    const view = { record: { accountname: 'x'.repeat(70_000) } };
    await assert.rejects(onAccount("setSetting('a', accountname)", world(), view), { code: 'EXPRESSION_TOO_LARGE' });
    await assert.rejects(onAccount("AutoNumberDec('8')", world()), { code: 'EXPRESSION_FAILED' });
  });
});
