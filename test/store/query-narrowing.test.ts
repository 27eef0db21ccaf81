import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { QueryCondition } from '../../src/core/query.ts';
import { narrowingOf } from '../../src/store/sqlite/query-narrowing.ts';
import { PRODUCTS } from '../crm/modules.ts';

const NAMED: QueryCondition = { kind: 'compare', field: 'productname', operator: '=', value: 'Bolt' };
const LIKE: QueryCondition = { kind: 'like', field: 'serial_no', pattern: '%a%b' };
const PLAIN: QueryCondition = { kind: 'compare', field: 'serial_no', operator: '=', value: '7' };
const LINKED: QueryCondition = { kind: 'related', to: ['18x1'] };

function isNarrowed(where: QueryCondition): boolean {
  const query = { module: 'Products', select: '*', where, order: [], offset: 0, limit: 10 } as const;
  return narrowingOf(PRODUCTS, query) !== undefined;
}

it('few rows are read at once, unless judging them may take long', () => {
  assert.equal(isNarrowed(NAMED), true);
  assert.equal(isNarrowed({ kind: 'and', parts: [PLAIN, NAMED] }), true);
  assert.equal(isNarrowed({ kind: 'or', parts: [PLAIN, NAMED] }), false);
  for (const slow of [LIKE, LINKED]) {
    const hidden: QueryCondition = { kind: 'or', parts: [PLAIN, { kind: 'not', part: slow }] };
    assert.equal(isNarrowed({ kind: 'and', parts: [NAMED, slow] }), false);
    assert.equal(isNarrowed({ kind: 'and', parts: [NAMED, hidden] }), false);
  }
});
