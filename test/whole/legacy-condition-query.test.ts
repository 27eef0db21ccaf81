import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueryCondition } from '../../src/core/query.ts';
import { legacyModule } from '../../src/engine/legacy/legacy-module.ts';
import { rowOf } from '../../src/engine/legacy/stored-text.ts';
import type { LegacyCondition } from '../../src/expression/legacy/condition.ts';
import { legacyConditionsHold } from '../../src/expression/legacy/condition/compile-conditions.ts';
import { renderConditions } from '../../src/expression/legacy/condition/condition-query.ts';
import { LEGACY_OPERATION_NAMES } from '../../src/expression/legacy/condition/operations.ts';
import { rowEnvironment } from '../../src/expression/legacy/row-environment.ts';
import type { RecordImage } from '../../src/core/record.ts';
import { ADMIN as USER, memoryServices, PREFERENCES } from '../../tools/conformance/memory-world.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';

const ACCOUNTS = nativeDocument(
  'module',
  'name="Accounts" label="Accounts" prefix="11" title="accountname"',
  '<field name="accountname" label="Name" type="string"/>',
);
const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string"/>
   <field name="amount" label="Amount" type="number"/>
   <field name="rush" label="Rush" type="boolean"/>
   <field name="due" label="Due" type="date"/>
   <field name="at" label="At" type="datetime"/>
   <field name="colours" label="Colours" type="multipicklist"><option value="Red"/><option value="Blue"/></field>
   <field name="account" label="Account" type="reference" references="Accounts"/>
   <field name="assigned_user_id" label="Owner" type="owner"/>`,
);

/** Wednesday 2026-03-11. */
const NOW = Date.UTC(2026, 2, 11, 12);
const FIELDS = ['subject', 'amount', 'rush', 'due', 'at', 'colours', 'account', 'assigned_user_id', 'id', 'missing'];
const VALUES: readonly string[] = [
  ...'0 1 12.5 -3 Bolt bolt Bo%t _ 100% Red true:boolean false:boolean 2026-03-11 2026-03-08'.split(' '),
  ...'2026-03-08,2026-03-12 -5,20 1,2 ,20 3 19x1 11x1'.split(' '),
  '',
];
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['Accounts', '11'],
  ['Orders', '40'],
  ['Users', '19'],
  ['Groups', '20'],
]);

function one(
  fieldname: string,
  operation: string,
  value: string,
  more: Partial<LegacyCondition> = {},
): LegacyCondition {
  return { fieldname, operation, value, valuetype: 'rawtext', ...more };
}

test('conditions of the original as a search of the store', async (t) => {
  const a = await TestInstall.open(t, { documents: [ACCOUNTS, ORDERS], worker: false });
  const account = await a.create({ accountname: 'Rowley' }, 'Accounts');
  const rows = [
    {},
    { subject: 'Bolt', amount: 12.5, rush: true, due: '2026-03-11', account: account.id },
    { subject: 'bolt', amount: 0, rush: false, due: '2026-03-08', colours: 'Red |##| Blue' },
    { subject: 'Bo%t 100%', amount: -3, due: '2026-03-14', at: '2026-03-11 09:00:00', colours: 'Blue' },
    { subject: '0', amount: 1, due: '2020-01-01' },
    { subject: '_', amount: 1000 },
  ];
  for (const row of rows) await a.create(row, 'Orders');
  const module = a.install.modules().get('Orders') ?? assert.fail();
  const services = memoryServices({ now: NOW, modules: [legacyModule(module)] });
  const scope = {
    module: legacyModule(module),
    prefixOf: (name: string) => PREFIXES.get(name),
    clock: services.clock,
    preferences: PREFERENCES,
  };
  const find = (where: QueryCondition | undefined): Promise<readonly RecordImage[]> => {
    const search = a.install.crm.search ?? assert.fail();
    return search({ module: 'Orders', select: '*', where, order: [], offset: 0, limit: 100 });
  };
  const images = await find(undefined);
  assert.equal(images.length, rows.length);

  /** Everything for which the conditions hold is found; where the search is said to be exact, nothing else. */
  async function check(conditions: readonly LegacyCondition[]): Promise<boolean> {
    const { where, isExact } = renderConditions(conditions, scope);
    const found = new Set((await find(where)).map(({ id }) => id));
    for (const image of images) {
      const environment = rowEnvironment(rowOf(image, module), { user: USER, services });
      const holds = await legacyConditionsHold(conditions, { environment, previous: undefined });
      const said = `${JSON.stringify(conditions)} of ${JSON.stringify(image.values)}`;
      if (holds) assert.ok(found.has(image.id), `not found: ${said}`);
      else if (isExact) assert.ok(!found.has(image.id), `found: ${said}`);
    }
    return isExact;
  }

  for (const operation of LEGACY_OPERATION_NAMES) {
    await t.test(`finds all for which "${operation}" holds`, async () => {
      for (const field of FIELDS) for (const value of VALUES) await check([one(field, operation, value)]);
    });
  }

  await t.test('joins as the conditions do', async () => {
    const amount = (value: string, joincondition: string, groupid = '0', groupjoin = 'and'): LegacyCondition =>
      one('amount', 'is', value, { joincondition, groupid, groupjoin });
    const unsaid: LegacyCondition = { ...amount('1', 'or'), valuetype: 'expression' };
    assert.equal(await check([amount('1', 'or'), amount('0', '')]), true);
    assert.equal(await check([amount('1', 'or'), amount('0', 'and'), amount('0', '')]), true);
    assert.equal(await check([amount('1', '', '0', 'or'), amount('0', '', '1', 'or')]), true);
    assert.equal(await check([amount('1', 'and'), unsaid]), false);
    assert.equal(await check([unsaid, amount('0', '')]), false);
    assert.equal(await check([]), true);
  });

  await t.test('says simple searches exactly', async () => {
    for (const condition of [
      one('subject', 'is', 'Bolt'),
      one('amount', 'greater than', '1'),
      one('rush', 'is', 'true:boolean'),
      one('account', 'is', '1'),
      one('due', 'days ago', '3'),
      one('subject', 'is empty', ''),
    ]) {
      assert.equal(await check([condition]), true, condition.operation);
    }
  });
});
