import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { slowCondition } from './slow-condition.ts';

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string"/><field name="status" label="Status" type="string"/>
   <field name="amount" label="Amount" type="number"/>`,
);
const END = '<tasks><end id="end"/></tasks>';

function openOrders(t: TestContext, triggers: string, worker = true): Promise<TestInstall> {
  const workflow = nativeDocument('workflow', 'name="won" module="Orders"', triggers + END);
  return TestInstall.open(t, { documents: [ORDERS, workflow], worker });
}

const WON = '<trigger on="first-true"><condition field="status" is="equal" value="Won"/></trigger>';

/** Slow beyond the budget of a save, then as told. */
async function slow(test: string): Promise<string> {
  return `<trigger on="first-true" when="${await slowCondition()} and (${test})"/>`;
}

describe('a trigger that fires once', () => {
  it('fires at the first save after which its condition holds, and never again for the record', async (t) => {
    const a = await openOrders(t, WON);
    const order = await a.create({ subject: 'One', status: 'Open' }, 'Orders');
    assert.equal((await a.runs()).length, 0);
    for (const status of ['Won', 'Lost', 'Won']) await a.revise({ id: order.id, status });
    await a.create({ subject: 'Two', status: 'Won' }, 'Orders');
    const runs = await a.allEnded(2);
    assert.deepEqual(
      runs.map(({ recordId, trigger, status }) => [recordId, trigger.event, status]),
      [
        ['40x1', 'update', 'completed'],
        ['40x2', 'create', 'completed'],
      ],
    );
  });

  it('fires once for two saves at once, and not after the process has died', async (t) => {
    const a = await openOrders(t, WON, false);
    const order = await a.create({ subject: 'One' }, 'Orders');
    await Promise.all(['1', '2', '3'].map((subject) => a.revise({ id: order.id, subject, status: 'Won' })));
    assert.equal((await a.runs()).length, 1);
    await a.close();
    await a.reopen({ worker: true });
    await a.revise({ id: order.id, subject: 'again' });
    await a.allEnded(1);
  });

  it('looks at the fields it names only when the record is changed', async (t) => {
    const a = await openOrders(t, WON.replace('first-true"', 'first-true" fields="status"'), false);
    const order = await a.create({ subject: 'One', status: 'Lost' }, 'Orders');
    await a.revise({ id: order.id, subject: 'Two' });
    assert.equal((await a.runs()).length, 0);
    await a.revise({ id: order.id, status: 'Won' });
    assert.equal((await a.runs()).length, 1);
  });

  it('gives its mark back when a condition that was judged late turns out false', async (t) => {
    const a = await openOrders(t, await slow("record.status = 'Won'"));
    const order = await a.create({ subject: 'One', status: 'Open' }, 'Orders');
    await a.allEnded(1);
    await a.revise({ id: order.id, status: 'Won' });
    await a.allEnded(2);
    await a.revise({ id: order.id, subject: 'Two' });
    const runs = await a.allEnded(2);
    assert.deepEqual(
      runs.map(({ undecided, status, failure }) => [undecided, status, failure?.code]),
      [
        [true, 'canceled', 'RUN_TRIGGER_FALSE'],
        [true, 'completed', undefined],
      ],
    );
  });

  it('loses no save that comes while an earlier one is not judged yet', async (t) => {
    const a = await openOrders(t, await slow("record.status = 'Won'"), false);
    const order = await a.create({ subject: 'One', status: 'Open' }, 'Orders');
    await a.revise({ id: order.id, status: 'Won' });
    await a.revise({ id: order.id, status: 'Lost' });
    await a.revise({ id: order.id, status: 'Won' });
    await a.install.startWorker();
    const runs = await a.allEnded(4);
    assert.deepEqual(
      runs.map(({ status, failure }) => failure?.code ?? status),
      ['RUN_TRIGGER_FALSE', 'completed', 'RUN_TRIGGER_FIRED', 'RUN_TRIGGER_FIRED'],
    );
  });

  it('lets a run be canceled whose condition always fails, and a later save fire', async (t) => {
    const a = await openOrders(t, `<trigger on="first-true" when="$number(record.subject) = 1"/>`);
    const order = await a.create({ subject: 'no number' }, 'Orders');
    await a.waiting(1, 'person');
    await a.install.administration.cancel({ id: 1, by: 'admin', reason: 'no number' });
    assert.equal((await a.ended(1)).failure?.code, 'RUN_CANCELED');
    await a.revise({ id: order.id, subject: '1' });
    assert.equal((await a.ended(2)).status, 'completed');
  });

  it('does not use up the other triggers of its workflow', async (t) => {
    const a = await openOrders(t, `${WON}<trigger on="update" fields="amount"/>`);
    const order = await a.create({ subject: 'One', status: 'Won' }, 'Orders');
    await a.revise({ id: order.id, amount: 1 });
    await a.revise({ id: order.id, amount: 2 });
    await a.revise({ id: order.id, subject: 'Two' });
    await a.allEnded(3);
  });
});
