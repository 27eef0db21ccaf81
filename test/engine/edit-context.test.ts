import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createCallRecorder } from '../../src/connector/call-recorder.ts';
import { editContext, restoreContext } from '../../src/engine/intervention/edit-context.ts';
import { openedValue } from '../../src/engine/stored-context.ts';

const sealer = { seal: (text: string) => text.toUpperCase(), open: (text: string) => text.toLowerCase() };

it('an edit of a context that is taken back leaves what was there, null among it, and nothing else', () => {
  const stored = { code: null, kept: 'k', ticket: { $sealed: '"T"' } };
  const parts = { sealer, recorder: createCallRecorder(), sensitive: new Set(['session']) };
  const set = { code: 'C-8', ticket: 'u', session: 's', fresh: [1] };
  const edited = editContext(parts, stored, { set, unset: ['kept'] }) ?? assert.fail();
  assert.deepEqual(edited.context, {
    code: 'C-8',
    ticket: { $sealed: '"U"' },
    session: { $sealed: '"S"' },
    fresh: [1],
  });
  assert.deepEqual(edited.after, { kept: null, code: 'C-8', ticket: '••••', session: '••••', fresh: [1] });
  const restored = restoreContext(edited.context, edited.replaced) ?? assert.fail();
  const opened = Object.entries(restored).map(([key, value]) => [key, openedValue(sealer, value).value]);
  assert.deepEqual(Object.fromEntries(opened), { code: null, kept: 'k', ticket: 't' });
});
