import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderEffect } from '../../src/cli/views/effect.ts';
import type { StepEffect } from '../../src/core/step.ts';

const CASES: readonly (readonly [effect: StepEffect, line: string])[] = [
  [
    { kind: 'record', name: '62x9', from: 'created in Tasks', value: { subject: 'Call Acme', done: false } },
    'created in Tasks 62x9: subject Call Acme, done false',
  ],
  [
    { kind: 'record', name: '12x5', from: 'updated in Contacts', value: { phone: '2' }, previous: { phone: '1' } },
    'updated in Contacts 12x5: phone 2 (was 1)',
  ],
  [{ kind: 'record', name: '12x5', from: 'unchanged in Contacts' }, 'unchanged in Contacts 12x5'],
  [{ kind: 'run', name: 'check', from: '61x2', value: 18 }, 'launched check for 61x2 as run 18'],
  [{ kind: 'run', name: 'check', value: 18 }, 'launched check as run 18'],
  [
    { kind: 'run', name: 'check', from: '61x2', value: null },
    'not launched check for 61x2 (this chain has started it there already)',
  ],
  // An emptied field, as a trial tells it and as it is stored.
  [{ kind: 'field', name: 'note', from: 'value', value: '' }, 'value (empty) -> field note'],
  [{ kind: 'field', name: 'note', from: 'value', value: null }, 'value (empty) -> field note'],
  [{ kind: 'notice', name: 'anna', from: 'group:Sales', value: 'Two\nlines' }, 'told anna (group:Sales): Two\\nlines'],
];

describe('an effect of a step', () => {
  for (const [effect, line] of CASES) {
    it(`is shown as: ${line}, from ${JSON.stringify(effect.value)}`, () => assert.equal(renderEffect(effect), line));
  }
});
