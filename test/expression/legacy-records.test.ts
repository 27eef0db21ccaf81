import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { ACCOUNT, onAccount, relatedServices, withoutRecord } from './related-world.ts';

const LOOKED_UP: readonly [expression: string, value: Json][] = [
  ["getIDof('Accounts', 'accountname', 'Other')", 75],
  ["getIDof('Accounts', 'accountname,email1', 'Chemex,a@chemex.example')", 74],
  ["getIDof('Accounts', 'accountname', 'email1', 'Chemex', 'a@chemex.example')", 74],
  ["getIDof('Accounts', 'accountname', 'Nobody')", 0],
  ["getIDof('Accounts', 'nosuch', 'Chemex')", 0],
  ["getIDof('Nowhere', 'accountname', 'Chemex')", 0],
  ["getIDof('Accounts')", 0],
  ["getIDof('Potentials', 'related_to', '75')", 4],
  ["getFieldsOF('11x75', 'Accounts', 'accountname')", { accountname: 'Other' }],
  ["getFieldsOF('75', 'Accounts', 'accountname,id')", { accountname: 'Other', id: '75' }],
  ["getFieldsOF('13x2', 'Potentials', 'related_to,amount')", { related_to: '74', amount: '20' }],
  ["getFieldsOF('11x74,11x75', 'Accounts', 'accountname')", [{ accountname: 'Chemex' }, { accountname: 'Other' }]],
  ["getFieldsOF('11x74', '11x99', 'Accounts', 'accountname')", [{ accountname: 'Chemex' }]],
  ["getFieldsOF('11x99', 'Accounts')", []],
  ["getFieldsOF('13x1', 'Accounts')", []],
  ["getFieldsOF('11x74', 'Nowhere')", []],
  ["getRelatedIDs('Potentials')", ['13x1', '13x2', '13x3']],
  ["getRelatedIDs('Potentials', '11x75')", ['13x4']],
  ["getRelatedIDs('Potentials', '75')", ['13x4']],
  ["getRelatedIDs('Nowhere')", []],
  ["getRelatedIDs('Potentials', '99x1')", []],
  ["getEntityType('13x1')", 'Potentials'],
  ["getEntityType('')", ''],
  ["getEntityType('74')", ''],
  ["getEntityType('11x999')", ''],
  ['getEntityType(id)', 'Accounts'],
  ["getimageurl('logo.png')", ''],
  ["getimageurl('https://cdn.example/logo.png')", 'https://cdn.example/logo.png'],
];

const JUDGED: readonly [expression: string, value: boolean][] = [
  ["exists('accountname', 'Other')", true],
  ["exists('accountname', accountname)", false],
  ["exists('accountname', accountname, 0)", true],
  ["exists('nosuch', 'x')", false],
  ["existsrelated('Potentials', 'sales_stage', 'Lost')", true],
  ["existsrelated('Potentials', 'potentialname', 'Elsewhere')", false],
  ["existsrelated('Potentials', 'sales_stage', 'Lost', '[amount,ny,,and]')", false],
  ["existsrelated('Potentials', 'nosuch', '')", false],
  ["existsrelated('Campaigns', 'campaignname', 'Spring')", false],
  ["allrelatedare('Potentials', 'sales_stage', 'Won')", false],
  ["allrelatedare('Potentials', 'sales_stage', 'Won', '[amount,g,0,and]')", true],
  ["allrelatedare('Campaigns', 'campaignname', 'Spring')", true],
  ["allrelatedare('Nowhere', 'campaignname', 'Spring')", false],
  ["allrelatedarethesame('Potentials', 'sales_stage', '')", false],
  ["allrelatedarethesame('Potentials', 'related_to', '')", true],
  ["allrelatedarethesame('Potentials', 'related_to', '74')", true],
  ["allrelatedarethesame('Potentials', 'related_to', '75')", false],
];

describe('functions that look for records', () => {
  for (const [expression, value] of [...LOOKED_UP, ...JUDGED]) {
    it(expression, async () => assert.deepEqual(await onAccount(expression), value));
  }

  it('find nothing related without a record', async () => {
    for (const mode of ['stub', 'none'] as const) {
      assert.deepEqual(await withoutRecord("getRelatedIDs('Potentials')", mode), []);
      assert.equal(await withoutRecord("existsrelated('Potentials', 'amount', '')", mode), false);
      assert.equal(await withoutRecord("aggregation('sum', 'Potentials', 'amount')", mode), 0);
    }
    assert.equal(await withoutRecord("evaluateRule('r')", 'none'), 0);
  });
});

describe('lists of records for another system', () => {
  it('hold the record and those that refer to it', async () => {
    const made = await onAccount("getRelatedMassCreateArray('Potentials')");
    assert.ok(Array.isArray(made));
    assert.deepEqual(made[0], {
      elementType: 'Accounts',
      referenceId: '11x74',
      element: { ...ACCOUNT, id: '11x74' },
    });
    assert.equal(made.length, 4);
    const second = made[2] as { readonly element: Record<string, Json> };
    assert.equal(second.element['related_to'], '@{11x74}');
    assert.equal(second.element['campaign'], '31x5');
  });

  it('are converted by the mappings of these names', async () => {
    const asked: string[] = [];
    const services = relatedServices({
      maps: {
        applyMapping: async (name, values) => {
          asked.push(name);
          return { mapped: values['record_id'] ?? null };
        },
      },
    });
    const made = await onAccount("getRelatedMassCreateArrayConverting('Potentials', 'Vendors', 'Leads')", services);
    assert.deepEqual(made, [
      { elementType: 'Vendors', referenceId: '11x74', element: { mapped: '74' } },
      ...[1, 2, 3].map((number) => ({
        elementType: 'Leads',
        referenceId: `13x${number}`,
        element: { mapped: String(number), related_to: '@{11x74}' },
      })),
    ]);
    assert.deepEqual([...new Set(asked)], ['Workflow_Accounts2Vendors', 'Workflow_Potentials2Leads']);
    const plain = await onAccount(
      "getRelatedRecordCreateArrayConverting('Potentials', 'Leads', substring(id, 3))",
      services,
    );
    assert.deepEqual(plain, [{ mapped: '1' }, { mapped: '2' }, { mapped: '3' }]);
  });

  it('hold the fields that both modules have without a mapping', async () => {
    const made = await onAccount("getRelatedRecordCreateArrayConverting('Potentials', 'Accounts')");
    assert.deepEqual(made, [{}, {}, {}]);
    const whole = await onAccount("getRelatedRecordCreateArrayConverting('Potentials', 'Leads', '11x75')");
    assert.ok(Array.isArray(whole));
    assert.deepEqual((whole[0] as Record<string, Json>)['potentialname'], 'Elsewhere');
  });

  it('map rows and the rows inside of them', async () => {
    const services = relatedServices({
      maps: { applyMapping: async (name, values) => ({ by: name, of: values['n'] ?? null, more: 1 }) },
    });
    const rows = `jsonDecode('[{"n":1,"lines":[{"n":2}]}]')`;
    assert.deepEqual(await onAccount(`applyMaptoArrayElements(${rows}, 'm')`, services), [{ by: 'm', of: 1, more: 1 }]);
    const both = `applyMaptoArrayElementsAndSubarray(${rows}, 'm', 'lines', 's', 'more')`;
    assert.deepEqual(await onAccount(both, services), [{ by: 'm', of: 1, lines: [{ by: 's', of: 2, more: 1 }] }]);
    const kept = `applyMaptoArrayElementsAndSubarray(${rows}, 'm', 'lines', 's', 'of', 1)`;
    assert.deepEqual(await onAccount(kept, services), [{ of: 1 }]);
    await assert.rejects(onAccount(`applyMaptoArrayElements(${rows}, 'm')`), { code: 'EXPRESSION_FAILED' });
  });
});
