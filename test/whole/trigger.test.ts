import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { CONDITION_OPERATORS } from '../../src/document/common.ts';
import { isFinal } from '../../src/core/run.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { ADMIN, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';
import { slowCondition } from './slow-condition.ts';

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string" mandatory="true"/>
   <field name="status" label="Status" type="string"/>
   <field name="amount" label="Amount" type="number"/>
   <field name="note" label="Note" type="text"/>`,
);

/** A workflow that does nothing but end. */
function onTrigger(name: string, trigger: string): SourceFile {
  return nativeDocument('workflow', `name="${name}" module="Orders"`, `${trigger}<tasks><end id="end"/></tasks>`);
}

/** An install that accepts runs and works on none, unless told to. */
function openOrders(t: TestContext, workflows: readonly SourceFile[], worker = false): Promise<TestInstall> {
  return TestInstall.open(t, { documents: [ORDERS, ...workflows], worker });
}

async function started(a: TestInstall, since = 0): Promise<string[]> {
  return (await a.runs())
    .slice(since)
    .map(({ workflow }) => workflow)
    .toSorted();
}

/** The workflows whose conditions held, be it at the save or, on a busy machine, at the start of the run. */
async function fulfilled(a: TestInstall): Promise<string[]> {
  const runs = await until('every run is judged', async () => {
    const all = await a.runs();
    for (const { id, wait } of all)
      if (wait?.for === 'person') await a.install.administration.retry({ id, by: 'admin' });
    return all.every(({ status }) => isFinal(status)) ? all : undefined;
  });
  const held = runs.filter(({ failure }) => failure?.code !== 'RUN_TRIGGER_FALSE');
  assert.ok(held.every(({ status }) => status === 'completed'));
  return held.map(({ workflow }) => workflow).toSorted();
}

describe('triggers', () => {
  it('fire on create, on a change of a field they name, on both, on deletion', async (t) => {
    const a = await openOrders(t, [
      onTrigger('created', '<trigger on="create"/>'),
      onTrigger('updated', '<trigger on="update"/>'),
      onTrigger('updated-status', '<trigger on="update" fields="status note"/>'),
      onTrigger('saved', '<trigger on="save"/>'),
      onTrigger('saved-status', '<trigger on="save" fields="status"/>'),
      onTrigger('deleted', '<trigger on="delete"/>'),
      nativeDocument(
        'workflow',
        'name="inactive" module="Orders" active="false"',
        '<trigger on="save"/><tasks><end id="end"/></tasks>',
      ),
    ]);
    const order = await a.create({ subject: 'One', amount: 1 }, 'Orders');
    assert.deepEqual(await started(a), ['created', 'saved', 'saved-status']);
    await a.revise({ id: order.id, amount: 2 });
    assert.deepEqual(await started(a, 3), ['saved', 'updated']);
    await a.revise({ id: order.id, status: 'Open' });
    assert.deepEqual(await started(a, 5), ['saved', 'saved-status', 'updated', 'updated-status']);
    await a.revise({ id: order.id, status: 'Open' });
    assert.deepEqual(await started(a, 9), [], 'a change that changes nothing concerns nobody');
    await a.install.crm.delete({ actor: ADMIN, id: order.id });
    assert.deepEqual(await started(a, 9), ['deleted']);
  });
});

/** What holds, and what does not, for a change from BEFORE to AFTER. */
const BEFORE = { subject: 'One', status: 'Open', amount: 9 };
const AFTER = { status: 'Shipped', amount: 12.5 };
const OPERATORS: Readonly<Record<(typeof CONDITION_OPERATORS)[number], readonly [holds: string, fails: string]>> = {
  empty: ['field="note" is="empty"', 'field="status" is="empty"'],
  'not-empty': ['field="status" is="not-empty"', 'field="note" is="not-empty"'],
  equal: ['field="amount" is="equal" value="12.50"', 'field="status" is="equal" value="shipped"'],
  'not-equal': ['field="status" is="not-equal" value="Open"', 'field="amount" is="not-equal" value="12.5"'],
  less: ['field="amount" is="less" value="100"', 'field="note" is="less" value="100"'],
  greater: ['field="amount" is="greater" value="9"', 'field="amount" is="greater" value="12.5"'],
  'at-most': ['field="amount" is="at-most" value="12.5"', 'field="amount" is="at-most" value="9"'],
  'at-least': ['field="amount" is="at-least" value="12.5"', 'field="note" is="at-least" value=""'],
  contains: ['field="status" is="contains" value="hip"', 'field="status" is="contains" value="HIP"'],
  'not-contains': ['field="status" is="not-contains" value="x"', 'field="status" is="not-contains" value="S"'],
  'starts-with': ['field="status" is="starts-with" value="Ship"', 'field="status" is="starts-with" value="hip"'],
  'ends-with': ['field="status" is="ends-with" value="ped"', 'field="status" is="ends-with" value="Ship"'],
  'one-of': ['field="status" is="one-of" value="Open Shipped"', 'field="status" is="one-of" value="Open Ship"'],
  changed: ['field="status" is="changed"', 'field="subject" is="changed"'],
  'changed-to': ['field="status" is="changed-to" value="Shipped"', 'field="subject" is="changed-to" value="One"'],
  'changed-from': ['field="status" is="changed-from" value="Open"', 'field="amount" is="changed-from" value="8"'],
};

describe('trigger conditions', () => {
  it('know every operator, and JSONata', async (t) => {
    const conditional = (name: string, condition: string): SourceFile =>
      onTrigger(name, `<trigger on="update"><condition ${condition}/></trigger>`);
    const guarded = (name: string, when: string): SourceFile =>
      onTrigger(name, `<trigger on="update" when="${when}"/>`);
    const documents = [
      ...CONDITION_OPERATORS.flatMap((operator) => [
        conditional(`${operator}-holds`, OPERATORS[operator][0]),
        conditional(`${operator}-fails`, OPERATORS[operator][1]),
      ]),
      guarded('when-holds', "previous.status = 'Open' and 'amount' in changed and record.amount > previous.amount"),
      guarded('when-fails', 'record.amount'),
      onTrigger('both', `<trigger on="update" when="true"><condition ${OPERATORS.empty[1]}/></trigger>`),
    ];
    const a = await openOrders(t, documents, true);
    const order = await a.create(BEFORE, 'Orders');
    await a.revise({ id: order.id, ...AFTER });
    const expected = [...CONDITION_OPERATORS, 'when'].map((name) => `${name}-holds`).toSorted();
    assert.deepEqual(await fulfilled(a), expected);
    const undecided = (await a.runs()).filter((run) => run.undecided).map(({ workflow }) => workflow);
    assert.ok(
      undecided.every((name) => name.startsWith('when-')),
      'conditions without an expression are always decided at the save',
    );
  });

  it('never fail a save: one that throws is judged again first thing, and waits for a person', async (t) => {
    const a = await openOrders(
      t,
      [onTrigger('throws', `<trigger on="create" when="$number(record.subject) = 1"/>`)],
      true,
    );
    const order = await a.create({ subject: 'no number' }, 'Orders');
    assert.equal(order.version, 1);
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /^EXPRESSION_[A-Z]+ /u);
    assert.equal((await a.runs())[0]?.undecided, true);
    assert.deepEqual(await a.steps(1), []);
  });

  it('never fail a save: one beyond its budget is judged again first thing, true or false', async (t) => {
    const condition = await slowCondition();
    const slow = (text: string): string => `<trigger on="create" when="${text}"/>`;
    const workflows = [onTrigger('slow-true', slow(condition)), onTrigger('slow-false', slow(`$not(${condition})`))];
    const a = await openOrders(t, workflows, true);
    await a.create({ subject: 'One' }, 'Orders');
    assert.deepEqual(await fulfilled(a), ['slow-true']);
    assert.deepEqual(
      (await a.runs()).map(({ undecided, status, failure }) => [undecided, status, failure?.code]),
      [
        [true, 'completed', undefined],
        [true, 'canceled', 'RUN_TRIGGER_FALSE'],
      ],
    );
  });

  it('judged later still count only triggers whose fields changed', async (t) => {
    const slow = `<trigger on="update" fields="amount" when="$not(${await slowCondition()})"/>`;
    const a = await openOrders(t, [onTrigger('either', `${slow}<trigger on="update" fields="note"/>`)], true);
    const order = await a.create({ subject: 'One' }, 'Orders');
    await a.revise({ id: order.id, amount: 5 });
    assert.deepEqual(await fulfilled(a), []);
    assert.equal((await a.runs())[0]?.undecided, true);
    await a.revise({ id: order.id, note: 'x' });
    assert.deepEqual(await fulfilled(a), ['either']);
  });
});
