import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { LegacyCondition } from '../../src/expression/legacy/condition.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { isFinal } from '../../src/core/run.ts';
import { nativeDocument } from './documents.ts';
import { ADMIN, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const ACCOUNTS = nativeDocument(
  'module',
  'name="Accounts" label="Accounts" prefix="11" title="accountname"',
  '<field name="accountname" label="Name" type="string"/><field name="rating" label="Rating" type="string"/>',
);
const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="40" title="subject"',
  `<field name="subject" label="Subject" type="string"/>
   <field name="status" label="Status" type="string"/>
   <field name="amount" label="Amount" type="number"/>
   <field name="rush" label="Rush" type="boolean"/>
   <field name="due" label="Due" type="date"/>
   <field name="account" label="Account" type="reference" references="Accounts"/>
   <field name="note" label="Note" type="text"/>`,
);

type Written = Partial<LegacyCondition> & Pick<LegacyCondition, 'fieldname' | 'operation'>;

function list(...conditions: readonly Written[]): string {
  const filled = conditions.map((condition) => ({ value: '', valuetype: 'rawtext', groupid: '0', ...condition }));
  return `<legacy-conditions><![CDATA[${JSON.stringify(filled)}]]></legacy-conditions>`;
}

function one(fieldname: string, operation: string, value = '', valuetype: LegacyCondition['valuetype'] = 'rawtext') {
  return list({ fieldname, operation, value, valuetype });
}

function onTrigger(name: string, trigger: string): SourceFile {
  return nativeDocument('workflow', `name="${name}" module="Orders"`, `${trigger}<tasks><end id="end"/></tasks>`);
}

function open(t: TestContext, workflows: readonly SourceFile[]): Promise<TestInstall> {
  return TestInstall.open(t, { documents: [ACCOUNTS, ORDERS, ...workflows] });
}

/** The workflows whose conditions held, be it at the save or, on a busy machine, at the start of the run. */
async function fulfilled(a: TestInstall): Promise<string[]> {
  const runs = await until('every run ends', async () => {
    const all = await a.runs();
    const stuck = all.find(({ wait }) => wait?.for === 'person');
    assert.equal(stuck?.wait?.reason, undefined);
    return all.every(({ status }) => isFinal(status)) ? all : undefined;
  });
  return runs
    .filter(({ status }) => status === 'completed')
    .map(({ workflow }) => workflow)
    .toSorted();
}

/** Conditions that hold of an order that changes from BEFORE to AFTER, and conditions that do not. */
const BEFORE = { subject: 'One', status: 'Open', amount: 9 };
const AFTER = { status: 'Shipped', amount: 12.5, due: '2020-05-06' };
const HOLD: readonly string[] = [
  one('status', 'has changed to', 'Shipped'),
  one('status', 'was', 'Open'),
  one('amount', 'has changed'),
  one('amount', 'equal to', '12.50'),
  one('rush', 'is', 'false:boolean'),
  one('due', 'more than days ago', '3'),
  one('due', 'between', '2020-05-05,2020-05-07'),
  one('status', 'is', "concat('Ship','ped')", 'expression'),
  one('amount', 'is', '12+0.5', 'expression'),
  one('account : (Accounts) rating', 'is', 'Gold'),
  one('account', 'exists'),
  one('subject', 'is not', '$(account : (Accounts) accountname)', 'expression'),
  one('account', 'has this as nth child', '2'),
  list(
    { fieldname: 'amount', operation: 'is', value: '1', joincondition: 'or' },
    { fieldname: 'status', operation: 'matches', value: '/^ship/i' },
  ),
  `${one('status', 'starts with', 'S')}<condition field="status" is="changed"/>`,
];
const FAIL: readonly string[] = [
  one('subject', 'has changed'),
  one('status', 'has changed to', 'shipped'),
  one('account : (Contacts) lastname', 'is not', 'x'),
  one('account : (Accounts) rating', 'is empty'),
  one('due', 'is today'),
  one('subject', 'exists'),
  `${one('status', 'starts with', 'S')}<condition field="subject" is="changed"/>`,
  `${one('status', 'starts with', 'x')}<condition field="status" is="changed"/>`,
];

describe('conditions of the original', () => {
  it('start workflows by the values before and after the save, and by other records', async (t) => {
    const on = (name: string, inner: string): SourceFile => onTrigger(name, `<trigger on="update">${inner}</trigger>`);
    const a = await open(t, [
      ...HOLD.map((inner, index) => on(`holds-${index + 1}`, inner)),
      ...FAIL.map((inner, index) => on(`fails-${index + 1}`, inner)),
    ]);
    const account = await a.create({ accountname: 'Rowley', rating: 'Gold' }, 'Accounts');
    await a.create({ subject: 'An older one', account: account.id }, 'Orders');
    const order = await a.create({ ...BEFORE, account: account.id }, 'Orders');
    await a.revise({ id: order.id, ...AFTER });
    assert.deepEqual(await fulfilled(a), HOLD.map((_, index) => `holds-${index + 1}`).toSorted());
  });

  it('guard tasks and branches, on the record as it is when the task starts', async (t) => {
    const work = nativeDocument(
      'workflow',
      'name="work" module="Orders"',
      `<trigger on="create"/>
       <tasks>
         <set-fields id="first"><set field="status" value="Seen"/></set-fields>
         <set-fields id="skipped">${one('status', 'is', 'Open')}<set field="note" value="wrong"/></set-fields>
         <choose id="size">
           <when>${one('amount', 'less than', '10')}<set-fields id="small"><set field="note" value="small"/></set-fields></when>
           <when>${one('status', 'is', 'Seen')}<set-fields id="large"><set field="note" value="large"/></set-fields></when>
         </choose>
       </tasks>`,
    );
    const a = await open(t, [work]);
    const order = await a.create({ subject: 'One', status: 'Open', amount: 100 }, 'Orders');
    await a.ended(1);
    assert.equal((await a.values(order.id))['note'], 'large');
    const steps = (await a.steps(1)).map(({ task, status }) => `${task} ${status}`);
    assert.ok(steps.includes('skipped skipped'), steps.join(', '));
  });

  it('make a trigger that fires once for each record', async (t) => {
    const a = await open(t, [
      onTrigger('once', `<trigger on="first-true">${one('amount', 'greater than', '10')}</trigger>`),
    ]);
    const order = await a.create({ subject: 'One', amount: 1 }, 'Orders');
    await a.revise({ id: order.id, amount: 20 });
    await a.revise({ id: order.id, amount: 30 });
    assert.deepEqual(await fulfilled(a), ['once']);
  });

  it('decide whether a workflow is started by hand', async (t) => {
    const a = await open(t, [onTrigger('by-hand', `<trigger on="manual">${one('status', 'is', 'Open')}</trigger>`)]);
    const yes = await a.create({ subject: 'One', status: 'Open' }, 'Orders');
    const no = await a.create({ subject: 'Two', status: 'Shut' }, 'Orders');
    const given = { workflow: 'by-hand', context: {}, user: ADMIN.user };
    const report = await a.install.starter.start({ ...given, records: [yes.id, no.id] });
    assert.deepEqual(report.skipped, [no.id]);
  });

  it('never keep a save waiting: rules that ask each other without end are left to the run', async (t) => {
    const rules = Array.from({ length: 15 }, (_, level) => {
      const asked = `evaluateRule('r${level + 1}'),`.repeat(4);
      return { file: `r${level}.xml`, text: `<map><expression>concat(${asked} 'x')</expression></map>` };
    });
    const last = { file: 'r15.xml', text: "<map><expression>'end'</expression></map>" };
    const trigger = `<trigger on="create">${one('subject', 'is', "evaluateRule('r0')", 'expression')}</trigger>`;
    const a = await TestInstall.open(t, {
      documents: [ACCOUNTS, ORDERS, onTrigger('endless', trigger), ...rules, last],
      worker: false,
    });
    const order = await a.create({ subject: 'One' }, 'Orders');
    assert.equal(order.version, 1);
    assert.deepEqual(
      (await a.runs()).map(({ status, undecided }) => [status, undecided]),
      [['pending', true]],
    );
  });

  it('never fail a save: an operation on a value that cannot be computed is judged again, and waits for a person', async (t) => {
    const a = await open(t, [
      onTrigger('throws', `<trigger on="create">${one('subject', 'is', "'a'*2", 'expression')}</trigger>`),
    ]);
    const order = await a.create({ subject: 'One' }, 'Orders');
    assert.equal(order.version, 1);
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /^EXPRESSION_FAILED /u);
  });
});

describe('checking conditions of the original', () => {
  /** What is in the list, the code, and the text that the diagnostic points at. */
  const problems: readonly [inner: string, severity: string, code: string, pointed: string][] = [
    ['[{"fieldname":"status","operation":"has change"}]', 'error', 'CONDITION_OPERATION_UNKNOWN', '"has change"'],
    ['[{"fieldname":"status","operation":"is",}]', 'error', 'CONDITION_SYNTAX', '}'],
    ['[{"operation":"is"}]', 'error', 'CONDITION_MEMBER', '{'],
    ['[{"fieldname":"statu","operation":"is"}]', 'warning', 'FIELD_UNKNOWN', '"statu"'],
    ['[{"fieldname":"account : (Accounts) x","operation":"is"}]', 'warning', 'FIELD_UNKNOWN', '"account'],
    ['[{"fieldname":"due","operation":"days ago","value":"x"}]', 'warning', 'CONDITION_NEVER_TRUE', '"x"'],
    [
      '[{"fieldname":"due","operation":"is","value":"a+nosuch(1)","valuetype":"expression"}]',
      'error',
      'EXPRESSION_UNKNOWN_FUNCTION',
      'nosuch',
    ],
  ];
  for (const [inner, severity, code, pointed] of problems) {
    it(`tells ${code} of ${inner}`, () => {
      const content = `<trigger on="update">\n<legacy-conditions><![CDATA[\n${inner}]]></legacy-conditions></trigger><tasks><end id="end"/></tasks>`;
      const workflow = nativeDocument('workflow', 'name="w" module="Orders"', content);
      const { diagnostics } = checkDocuments([ACCOUNTS, ORDERS, workflow]);
      const found = diagnostics.find((one) => one.code === code);
      assert.equal(found?.severity, severity, JSON.stringify(diagnostics));
      assert.ok(workflow.text.slice(found?.range.start.offset).startsWith(pointed));
    });
  }
});
