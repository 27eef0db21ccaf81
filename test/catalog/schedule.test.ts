import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDocuments } from '../../src/runtime/check.ts';
import { nativeDocument } from '../whole/documents.ts';

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  '<field name="subject" label="Subject" type="string"/>',
);
const JOBS = nativeDocument(
  'module',
  'name="Jobs" label="Jobs" prefix="41" title="subject"',
  '<field name="subject" label="Subject" type="string"/>',
);
const RULE = nativeDocument(
  'rule',
  'name="large-orders"',
  '<search module="Orders" give="all"><condition field="subject" is="not-empty"/></search>',
);

const workflow = (trigger: string, attributes = 'module="Orders"') =>
  nativeDocument('workflow', `name="tidy" ${attributes}`, `${trigger}<tasks><end id="end"/></tasks>`);

const MOMENT = { now: Date.parse('2026-03-28T12:00:00Z'), timeZone: 'Europe/Berlin' };

describe('a schedule in a set of documents', () => {
  const check = (trigger: string, attributes?: string) =>
    checkDocuments([ORDERS, JOBS, RULE, workflow(trigger, attributes)], MOMENT);
  const codes = (trigger: string, attributes?: string) =>
    check(trigger, attributes).diagnostics.map(({ code, hint = '' }) => [code, hint]);

  it('names a rule that is there and finds records of its module', () => {
    assert.deepEqual(codes('<trigger on="schedule" every="5m" records="large-orders"/>'), []);
    assert.deepEqual(codes('<trigger on="schedule" every="5m" records="large-order"/>'), [
      ['RECORDS_UNKNOWN', 'did you mean "large-orders"?'],
    ]);
    assert.deepEqual(
      codes('<trigger on="schedule" every="5m" records="large-orders"/>', 'module="Jobs"').map(([code]) => code),
      ['WORKFLOW_SCHEDULE_RECORDS'],
    );
  });

  it('has fields of its module in its conditions', () => {
    const condition = '<condition field="subjekt" is="equal" value="a"/>';
    assert.deepEqual(
      codes(`<trigger on="schedule" every="5m">${condition}</trigger>`).map(([code]) => code),
      ['FIELD_UNKNOWN'],
    );
  });

  it('tells its next five slots, by the clocks of its zone, across the change of clocks', () => {
    const { schedules } = check('<trigger on="schedule" at="02:30"/>');
    assert.deepEqual(
      schedules?.map(({ next, ...told }) => ({ ...told, next: next.map((slot) => new Date(slot).toISOString()) })),
      [
        {
          schedule: 'tidy',
          when: 'at 02:30',
          zone: 'Europe/Berlin',
          next: [
            '2026-03-29T01:00:00.000Z',
            '2026-03-30T00:30:00.000Z',
            '2026-03-31T00:30:00.000Z',
            '2026-04-01T00:30:00.000Z',
            '2026-04-02T00:30:00.000Z',
          ],
        },
      ],
    );
    assert.deepEqual(check('<trigger on="schedule" at="02:30"/>', 'module="Orders" active="false"').schedules, []);
    assert.deepEqual(check('<trigger on="schedule" at="02:30" dates="2020-01-01"/>').schedules?.[0]?.next, []);
  });
});
