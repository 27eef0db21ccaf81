import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Delivery } from '../../src/core/delivery.ts';
import { renderDelivery } from '../../src/cli/views/delivery.ts';
import { renderCheckReport } from '../../src/cli/views/documents-report.ts';

const NOW = Date.parse('2026-03-04T10:00:00Z');
const delivery: Delivery = {
  id: 1,
  at: NOW,
  way: 'mail',
  to: '19x2',
  cause: 'sync/create/CALL_STATUS',
  run: 3,
  task: 'create',
  content: {},
  state: 'waiting',
  attempts: 0,
  dueAt: NOW,
  endedAt: undefined,
  problem: undefined,
  isHeld: false,
};

describe('what leaves the product', () => {
  for (const [change, expected] of [
    [{}, 'create: mail to 19x2 goes out now'],
    [{ state: 'sent', endedAt: NOW, dueAt: undefined }, 'create: mail to 19x2 sent 2026-03-04 10:00:00Z'],
    [
      { attempts: 2, problem: 'MAIL_DEFERRED later', dueAt: NOW + 60_000 },
      'create: mail to 19x2 warning: not sent after 2 tries: MAIL_DEFERRED later; next try in 1m',
    ],
    [
      { state: 'failed', attempts: 1, problem: 'MAIL_REFUSED no', dueAt: undefined },
      'create: mail to 19x2 warning: given up after 1 try: MAIL_REFUSED no',
    ],
    [
      { isHeld: true, dueAt: NOW + 60_000 },
      'create: mail to 19x2 held: too many of the same cause, told together with them in 1m',
    ],
  ] as const) {
    it(expected, () => assert.equal(renderDelivery({ ...delivery, ...change }, NOW).join('\n'), expected));
  }
});

describe('check --explain', () => {
  const plans = [{ workflow: 'sync', tasks: [{ task: 'send', sentence: 'No more tries, then wait for a person' }] }];
  const report = { counts: { workflow: 1 }, plans, diagnostics: [] };

  it('tells what happens when a task fails', () => {
    assert.deepEqual(renderCheckReport(report, { sources: [], explain: true }), [
      'when a task of sync fails:',
      '  send: No more tries, then wait for a person',
      'checked 1 workflow: 0 errors, 0 warnings',
    ]);
  });

  it('is quiet without being asked', () => {
    assert.equal(renderCheckReport(report, { sources: [], explain: false }).length, 1);
  });
});
