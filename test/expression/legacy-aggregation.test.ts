import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import { onAccount } from './related-world.ts';

const VALUES: readonly [expression: string, value: Json][] = [
  ["aggregation('sum', 'Potentials', 'amount')", 30.5],
  ["aggregation('SUM', 'Potentials', 'amount')", 30.5],
  ["aggregation('avg', 'Potentials', 'amount')", 15.25],
  ["aggregation('min', 'Potentials', 'amount')", 10.5],
  ["aggregation('max', 'Potentials', 'closingdate')", '2025-03-04'],
  ["aggregation('min', 'Potentials', 'closingdate')", '2025-01-02'],
  ["aggregation('count', 'Potentials', 'potentialname')", 3],
  ["aggregation('count', 'Potentials', 'amount')", 2],
  ["aggregation('std', 'Potentials', 'amount')", 4.75],
  ["aggregation('variance', 'Potentials', 'amount')", 22.5625],
  ["aggregation('time_to_sec', 'Potentials', 'worked')", 112530],
  ["aggregation('group_concat', 'Potentials', 'potentialname')", 'One,Two,Three'],
  ["aggregation('group_concat', 'Potentials', 'potentialname separator \"; \"')", 'One; Two; Three'],
  ["aggregation('group_concat', 'Potentials', 'campaign separator \",\" name')", 'Spring'],
  ["aggregation('sum', 'Campaigns', 'campaignname')", 0],
  ["aggregation('sum', 'Nowhere', 'amount')", 0],
  ["aggregation('sum', 'Potentials', 'nosuch')", 0],
  ["aggregation('median', 'Potentials', 'amount')", 0],
  ["aggregation('count', 'Accounts', 'accountname')", 2],
  ["aggregation('sum', 'Potentials', 'amount', '[sales_stage,e,Won,and],[probability,g,30,and]')", 20],
  ["aggregation('sum', 'Potentials', 'probability', '[sales_stage,e,Lost,or],[potentialname,s,On,and]')", 100],
  ["aggregation('count', 'Potentials', 'potentialname', '[potentialname,c,o,and]')", 1],
  ["aggregation('count', 'Potentials', 'potentialname', '[related_to,e,74]')", 3],
  ["aggregation('count', 'Potentials', 'potentialname', '[probability,bw,20,50,and]')", 2],
  ["aggregation('count', 'Potentials', 'potentialname', '[potentialname,i,One,Two]')", 2],
  ["aggregation('count', 'Potentials', 'potentialname', '[amount,y,,and]')", 1],
  ["aggregation('count', 'Potentials', 'potentialname', '[potentialname,e,concat(\"O\",\"ne\"),and,expression]')", 1],
  ["aggregation('count', 'Potentials', 'potentialname', '[potentialname,n,$accountname,and]')", 3],
  ["aggregation_fields_operation('sum', 'Potentials', 'amount*probability/100')", 12.1],
  ["aggregation_fields_operation('sum', 'Potentials', 'coalesce(amount, 1) * -(1 + 1)')", -63],
  ["aggregation_fields_operation('max', 'Potentials', 'vtiger_potential.probability % 30')", 20],
  ["aggregation_fields_operation('sum', 'Potentials', 'amount/0')", 0],
  ["aggregate_time('Potentials', 'worked')", '031:15:30'],
  ["aggregate_time('Potentials', 'worked', '[potentialname,e,One,and]')", '010:30:00'],
  ["aggregate_time('Campaigns', 'campaignname')", '000:00:00'],
];

const FAILING: readonly string[] = [
  "aggregation('sum', 'Potentials', 'amount', '[sales_stage,like,Won,and]')",
  "aggregation_fields_operation('sum', 'Potentials', 'amount; drop table users')",
  "aggregation_fields_operation('sum', 'Potentials', 'sleep(5)')",
  "aggregation_fields_operation('sum', 'Potentials', 'nosuch + 1')",
  "aggregation_fields_operation('sum', 'Potentials', '(amount')",
  `aggregation_fields_operation('sum', 'Potentials', '${'('.repeat(200)}')`,
];

describe('functions that add up related records', () => {
  for (const [expression, value] of VALUES) {
    it(expression, async () => assert.deepEqual(await onAccount(expression), value));
  }
  for (const expression of FAILING) {
    it(`fails: ${expression.slice(0, 80)}`, () => assert.rejects(onAccount(expression), { code: 'EXPRESSION_FAILED' }));
  }
});
