import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isJsonObject } from '../../src/core/json.ts';
import { nativeDocument } from './documents.ts';
import { ServedTest } from './served-install.ts';

const field = (name: string): string => `<field name="${name}" label="${name}" type="string"/>`;
const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `${field('subject')}${field('note')}`,
);
const OTHERS = nativeDocument('module', 'name="Others" label="Others" prefix="41" title="name"', field('name'));
const END = '<tasks><end id="end"/></tasks>';
const RESEND = nativeDocument(
  'workflow',
  'name="resend" module="Orders"',
  `<trigger on="manual"><condition field="subject" is="not-empty"/></trigger>
   <tasks><set-fields id="note"><set field="note" jsonata="$string(context.batch.id) &amp; ' ' &amp; user.id"/></set-fields></tasks>`,
);
const NIGHTLY = nativeDocument('workflow', 'name="nightly"', `<trigger on="manual" wait="20s"/>${END}`);
const FAILING = nativeDocument(
  'workflow',
  'name="failing"',
  '<trigger on="manual" wait="20s"/><tasks><end id="end" as="failed" label="no luck"/></tasks>',
);
const SAVED = nativeDocument('workflow', 'name="saved" module="Others"', `<trigger on="save"/>${END}`);
const OFF = nativeDocument('workflow', 'name="off" active="false"', `<trigger on="manual"/>${END}`);

function open(t: TestContext): Promise<ServedTest> {
  return ServedTest.open(t, [ORDERS, OTHERS, RESEND, NIGHTLY, FAILING, SAVED, OFF]);
}

describe('a workflow started by hand', () => {
  it('runs for each record with the context given, whose condition holds', async (t) => {
    const test = await open(t);
    const one = await test.create('Orders', { subject: 'One' });
    const empty = await test.create('Orders', { subject: '' });
    const { administration } = test.install;
    const report = await administration.start({
      workflow: 'resend',
      records: [one, empty, one],
      context: { batch: { id: 7, $sealed: 'not by us' } },
      by: 'admin',
      waitMs: 20_000,
    });
    assert.deepEqual(report, {
      runs: [{ id: 1, workflow: 'resend', status: 'completed' }],
      skipped: [empty],
      repeated: false,
    });
    assert.equal((await test.record('retrieve', { id: one }))['note'], '7 19x1');
    assert.equal((await test.runs())[0]?.trigger.event, 'manual');
  });

  it('is started by name over the web service, and a repeated request starts nothing more', async (t) => {
    const test = await open(t);
    const one = await test.create('Orders', { subject: 'One' });
    const request = {
      workflow: 'resend',
      entities: JSON.stringify([one]),
      context: JSON.stringify({ batch: { id: 8 } }),
      cbwsOptions: JSON.stringify({ ClientRequestIdentifier: 'r-1' }),
    };
    const both = await Promise.all([
      test.call('ExecuteWorkflowWithContext', request),
      test.call('ExecuteWorkflowWithContext', request),
    ]);
    assert.deepEqual(
      both.map(({ result }) => result),
      [true, true],
    );
    await test.allEnded(1);
    assert.equal((await test.record('retrieve', { id: one }))['note'], '8 19x1');
    const other = { ...request, context: '{"batch":{"id":9}}' };
    assert.equal((await test.call('ExecuteWorkflowWithContext', other)).code, 'DUPLICATE_REQUEST_IDENTIFIER');
    assert.equal((await test.call('ExecuteWorkflow', { workflow: 'resend', entities: one })).result, true);
    await test.allEnded(2);
  });

  it('needs no record when it has no module, and answers with its end where it says wait', async (t) => {
    const test = await open(t);
    const answer = await test.call('ExecuteWorkflow', { workflow: 'nightly', entities: '[]' });
    assert.equal(answer.result, true);
    assert.deepEqual(answer.moreinfo, { runs: [{ id: 1, workflow: 'nightly', status: 'completed' }] });
    const failed = await test.call('ExecuteWorkflow', { workflow: 'failing' });
    assert.equal(failed.code, 'WORKFLOW_TASK_FAILED');
    const told: unknown = JSON.parse(failed.message);
    assert.ok(Array.isArray(told) && isJsonObject(told[0]));
    assert.deepEqual([told[0]['id'], told[0]['code']], [2, 'RUN_ENDED_FAILED']);
  });

  it('is refused with what is wrong, in the protocol as INVALID_PARAMETER', async (t) => {
    const test = await open(t);
    const one = await test.create('Orders', { subject: 'One' });
    const stranger = await test.create('Others', { name: 'x' });
    const many = Array.from({ length: 1001 }, (_, index) => `40x${index + 1}`);
    const refusals: readonly (readonly [workflow: string, records: readonly string[], code: string])[] = [
      ['resent', [one], 'WORKFLOW_UNKNOWN'],
      ['', [], 'WORKFLOW_UNKNOWN'],
      ['saved', [stranger], 'WORKFLOW_NOT_MANUAL'],
      ['off', [], 'WORKFLOW_INACTIVE'],
      ['resend', [], 'START_RECORD_MISSING'],
      ['resend', [one, stranger], 'START_RECORD_MODULE'],
      ['resend', ['40x99'], 'START_RECORD_UNKNOWN'],
      ['resend', ['nonsense'], 'START_RECORD_UNKNOWN'],
      ['resend', many, 'START_TOO_MANY'],
      ['nightly', [one], 'START_RECORD_NEEDLESS'],
    ];
    for (const [workflow, records, code] of refusals) {
      await assert.rejects(test.install.administration.start({ workflow, records, by: 'admin' }), { code }, workflow);
      const answer = await test.call('ExecuteWorkflow', { workflow, entities: JSON.stringify(records) });
      assert.equal(answer.code, 'INVALID_PARAMETER', workflow);
    }
    for (const [entities, context] of [
      ['[1]', '{}'],
      ['["40x1"', '{}'],
      [`["${one}"]`, '[]'],
      [`["${one}"]`, '{'],
    ] as const) {
      const { code } = await test.call('ExecuteWorkflowWithContext', { workflow: 'resend', entities, context });
      assert.equal(code, 'INVALID_PARAMETER', `${entities} ${context}`);
    }
    assert.deepEqual(
      (await test.runs()).map(({ workflow }) => workflow),
      ['saved'],
      'nothing was started',
    );
  });
});
