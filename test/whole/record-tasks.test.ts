import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';

const MODULES: readonly SourceFile[] = [
  nativeDocument(
    'module',
    'name="Accounts" prefix="11" title="accountname"',
    `<field name="accountname" type="string" length="100" mandatory="true"/>
     <field name="rows" type="text"/><field name="email" type="email"/><field name="task_id" type="string" length="20"/>
     <field name="parent_id" type="reference" references="Accounts"/><field name="assigned_user_id" type="owner"/>`,
  ),
  nativeDocument(
    'module',
    'name="Tasks" prefix="62" title="subject"',
    `<field name="subject" type="string" length="60" mandatory="true"/>
     <field name="account_id" type="reference" references="Accounts"/><field name="seen" type="string" length="20"/>`,
  ),
  nativeDocument(
    'module',
    'name="Contacts" prefix="12" title="lastname"',
    `<field name="lastname" type="string" length="60" mandatory="true"/><field name="email" type="email"/>
     <field name="phone" type="phone"/><field name="score" type="integer"/>`,
  ),
];

const flow = (tasks: string, attributes = 'name="flow" module="Accounts"', trigger = '<trigger on="create"/>') =>
  nativeDocument('workflow', attributes, `${trigger}<tasks>${tasks}</tasks>`);

const open = (t: Parameters<typeof TestInstall.open>[0], ...workflows: SourceFile[]) =>
  TestInstall.open(t, { documents: [...MODULES, ...workflows] });

async function contacts(a: TestInstall) {
  return (await a.install.crm.query('select * from Contacts;')).records;
}

async function tasks(a: TestInstall) {
  return (await a.install.crm.query('select * from Tasks;')).records;
}

const PERSON = `<set field="email" jsonata="item.mail"/><set field="lastname" jsonata="item.name"/>`;
const ROWS = '<expression id="rows"><set context="rows" field="rows" type="json"/></expression>';

describe('create-record', () => {
  it('creates one record of another module and keeps its id for later tasks', async (t) => {
    const a = await open(
      t,
      flow(`<create-record id="remind" module="Tasks" context="task">
          <set field="subject" template="Call {record.accountname}"/><set field="account_id" jsonata="record.id"/>
        </create-record>
        <set-fields id="keep"><set field="task_id" context="task"/></set-fields>`),
      flow('<end id="no" as="failed"/>', 'name="watch" module="Tasks"'),
    );
    const account = await a.create({ accountname: 'Acme' }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    const [task, ...more] = await tasks(a);
    assert.deepEqual([task?.values['subject'], task?.values['account_id']], ['Call Acme', account.id]);
    assert.deepEqual(more, []);
    assert.equal((await a.values(account.id))['task_id'], task?.id);
    assert.equal((await a.runs()).length, 1, 'without fires="true" it starts nothing');
    const { effects } = stepOf(await a.steps(1), 'remind');
    assert.deepEqual(
      effects.map(({ kind, name, from }) => [kind, name, from]),
      [
        ['record', task?.id, 'created in Tasks'],
        ['context', 'task', 'id'],
      ],
    );
  });

  it('starts workflows with fires="true", in the chain of its run', async (t) => {
    const a = await open(
      t,
      flow(`<create-record id="remind" module="Tasks" fires="true"><set field="subject" value="x"/></create-record>`),
      flow('<set-fields id="see"><set field="seen" value="yes"/></set-fields>', 'name="watch" module="Tasks"'),
    );
    await a.create({ accountname: 'Acme' }, 'Accounts');
    const runs = await a.allEnded(2);
    assert.deepEqual(
      runs.map(({ workflow, rootRun, depth, status }) => [workflow, rootRun, depth, status]),
      [
        ['flow', 1, 0, 'completed'],
        ['watch', 1, 1, 'completed'],
      ],
    );
    assert.equal((await tasks(a))[0]?.values['seen'], 'yes');
  });

  it('fails naming the field that cannot keep its value, and goes where its plan says', async (t) => {
    const a = await open(
      t,
      flow(`<create-record id="remind" module="Tasks"><set field="subject" template="{record.rows}"/>
          <on-error><abort to="note"/></on-error></create-record>
        <end id="finish"/>
        <set-fields id="note"><set field="task_id" value="none"/></set-fields>`),
    );
    const account = await a.create({ accountname: 'Acme', rows: 'x'.repeat(61) }, 'Accounts');
    const run = await a.ended(1);
    assert.deepEqual([run.status, run.handled], ['completed', true]);
    const { failure } = stepOf(await a.steps(1), 'remind');
    assert.deepEqual([failure?.code, failure?.task], ['RECORD_INVALID', 'remind']);
    assert.match(failure?.message ?? '', /subject/u);
    assert.deepEqual(await tasks(a), []);
    assert.equal((await a.values(account.id))['task_id'], 'none');
  });
});

describe('upsert', () => {
  it('creates what it does not find, and updates what it finds', async (t) => {
    const a = await open(
      t,
      flow(`<upsert id="person" module="Contacts" match="email" context="person">
          <set field="email" template="{record.email}"/><set field="lastname" template="{record.accountname}"/>
        </upsert><set-fields id="keep"><set field="task_id" context="person"/></set-fields>`),
    );
    const first = await a.create({ accountname: 'Acme', email: 'ann@acme.example' }, 'Accounts');
    await a.ended(1);
    await a.create({ accountname: 'Acme Ltd', email: 'ann@acme.example' }, 'Accounts');
    await a.allEnded(2);
    const [person, ...more] = await contacts(a);
    assert.deepEqual(more, []);
    assert.deepEqual([person?.values['lastname'], person?.version], ['Acme Ltd', 2]);
    assert.equal((await a.values(first.id))['task_id'], person?.id);
    assert.equal(stepOf(await a.steps(2), 'person').effects[0]?.from, 'updated in Contacts');
  });

  it('never chooses among two, and creates nothing when a match is empty', async (t) => {
    const a = await open(
      t,
      flow(`<upsert id="person" module="Contacts" match="email">
          <set field="email" template="{record.email}"/><set field="lastname" value="New"/></upsert>`),
    );
    const twins = [];
    for (const lastname of ['One', 'Two']) {
      twins.push(await a.create({ lastname, email: 'twin@acme.example' }, 'Contacts'));
    }
    await a.create({ accountname: 'Acme', email: 'twin@acme.example' }, 'Accounts');
    await a.waiting(1, 'person');
    const { failure } = stepOf(await a.steps(1), 'person');
    assert.equal(failure?.code, 'UPSERT_AMBIGUOUS');
    for (const { id } of twins) assert.ok(failure?.message.includes(id));
    await a.create({ accountname: 'Nobody' }, 'Accounts');
    await a.waiting(2, 'person');
    assert.equal(stepOf(await a.steps(2), 'person').failure?.code, 'UPSERT_MATCH_EMPTY');
    assert.equal((await contacts(a)).length, 2);
  });

  it('writes a list in one commit: the same key twice is one record, an empty one is new when that is said', async (t) => {
    const a = await open(
      t,
      flow(`${ROWS}<upsert id="people" module="Contacts" match="email" each="context.rows" when-empty="create" context="ids">
          ${PERSON}</upsert>
          <set-fields id="keep"><set field="task_id" jsonata="$count(context.ids) &amp; '/' &amp; $count($distinct(context.ids))"/></set-fields>`),
    );
    const rows = [
      { mail: 'a@x.example', name: 'A' },
      { mail: 'b@x.example', name: 'B' },
      { mail: 'a@x.example', name: 'A2' },
      { name: 'C' },
      { name: 'C' },
    ];
    const account = await a.create({ accountname: 'Acme', rows: JSON.stringify(rows) }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    const found = (await contacts(a)).map(({ values, version }) => [values['email'], values['lastname'], version]);
    assert.deepEqual(found, [
      ['a@x.example', 'A2', 1],
      ['b@x.example', 'B', 1],
      [null, 'C', 1],
      [null, 'C', 1],
    ]);
    assert.equal((await a.values(account.id))['task_id'], '5/4');
  });

  it('writes all of a list or nothing of it, and says which item was wrong', async (t) => {
    const a = await open(
      t,
      flow(`${ROWS}<upsert id="people" module="Contacts" match="email" each="context.rows">${PERSON}</upsert>`),
    );
    const rows = [
      { mail: 'a@x.example', name: 'A' },
      { mail: 'no address', name: 'B' },
    ];
    await a.create({ accountname: 'Acme', rows: JSON.stringify(rows) }, 'Accounts');
    await a.waiting(1, 'person');
    const { failure } = stepOf(await a.steps(1), 'people');
    assert.equal(failure?.code, 'RECORD_INVALID');
    assert.match(failure?.message ?? '', /item 2: .*email/u);
    assert.deepEqual(await contacts(a), []);
  });

  it('takes 1,000 items and no more', async (t) => {
    const a = await open(
      t,
      flow(
        `${ROWS}<upsert id="people" module="Contacts" match="email" each="context.rows" context="ids">${PERSON}</upsert>`,
      ),
    );
    const rows = (count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, n) => ({ mail: `p${n}@x.example`, name: `P${n}` })));
    await a.create({ accountname: 'Many', rows: rows(1000) }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal(stepOf(await a.steps(1), 'people').effects.length, 52, 'fifty, how many more, and the ids');
    await a.create({ accountname: 'Too many', rows: rows(1001) }, 'Accounts');
    await a.waiting(2, 'person');
    assert.equal(stepOf(await a.steps(2), 'people').failure?.code, 'UPSERT_TOO_MANY');
    const { total } = await a.install.crm.query('select count(*) from Contacts;');
    assert.equal(total, 1000);
  });

  it('makes one record of many runs that look for it at the same time', async (t) => {
    const a = await open(
      t,
      flow(`<upsert id="person" module="Contacts" match="email">
          <set field="email" template="{record.email}"/><set field="lastname" value="One"/>
          <set field="phone" template="{record.accountname}"/></upsert>`),
    );
    const names = Array.from({ length: 20 }, (_, number) => `${number}`);
    await Promise.all(names.map((accountname) => a.create({ accountname, email: 'one@x.example' }, 'Accounts')));
    const runs = await a.allEnded(20);
    assert.ok(runs.every(({ status }) => status === 'completed'));
    const found = await contacts(a);
    assert.equal(found.length, 1);
    assert.equal(found[0]?.version, 20, 'each run has written it once');
  });

  it('writes to the record of its own run together with what else the run writes', async (t) => {
    const a = await open(
      t,
      flow(`<set-fields id="before"><set field="email" value="own@x.example"/></set-fields>
        <upsert id="self" module="Accounts" match="email"><set field="email" value="own@x.example"/>
          <set field="accountname" value="Changed"/></upsert>
        <set-fields id="after"><set field="task_id" template="{record.accountname}"/></set-fields>`),
    );
    const { id } = await a.create({ accountname: 'Acme' }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    const values = await a.values(id);
    assert.deepEqual(
      [values['accountname'], values['task_id'], values['email']],
      ['Changed', 'Changed', 'own@x.example'],
    );
    assert.equal((await a.install.crm.query('select * from Accounts;')).records.length, 1);
  });
});

describe('expression', () => {
  it('computes values one after another, and hides what is computed from a secret', async (t) => {
    const a = await TestInstall.open(t, {
      documents: [
        ...MODULES,
        flow(`<expression id="sum"><set context="one" jsonata="21" type="number"/>
          <set context="two" jsonata="context.one * 2"/><set context="pass" template="key-{secret.peer}"/></expression>
          <set-fields id="keep"><set field="task_id" template="{context.two}"/></set-fields>`),
      ],
      secrets: { peer: 'sesame-open' },
    });
    const { id } = await a.create({ accountname: 'Acme' }, 'Accounts');
    const run = await a.ended(1);
    assert.equal((await a.values(id))['task_id'], '42');
    assert.ok(!JSON.stringify([run, await a.steps(1)]).includes('sesame-open'));
    assert.equal(stepOf(await a.steps(1), 'sum').effects[2]?.value, '••••');
  });

  it('sets nothing when one of its values has no source', async (t) => {
    const a = await open(
      t,
      flow(
        '<expression id="sum"><set context="one" value="1"/><set context="two" template="{context.nowhere}"/></expression>',
      ),
    );
    await a.create({ accountname: 'Acme' }, 'Accounts');
    await a.waiting(1, 'person');
    const [run] = await a.runs();
    assert.deepEqual(run?.context, {});
    assert.equal(stepOf(await a.steps(1), 'sum').failure?.code, 'PARAMETER_SOURCE_MISSING');
  });
});

describe('launch', () => {
  const CHECK = flow(
    '<set-fields id="mark"><set field="task_id" template="{context.from}"/></set-fields>',
    'name="check" module="Accounts"',
    '',
  );

  it('starts another workflow on the record named, with a context, and tells its run', async (t) => {
    const a = await open(
      t,
      flow(`<launch id="parent" workflow="check" field="parent_id"><condition field="parent_id" is="not-empty"/>
          <context name="from" template="from {record.accountname}"/></launch>`),
      CHECK,
    );
    const parent = await a.create({ accountname: 'Parent' }, 'Accounts');
    await a.ended(1);
    await a.create({ accountname: 'Child', parent_id: parent.id }, 'Accounts');
    const [, , third] = await a.allEnded(3);
    assert.deepEqual([third?.workflow, third?.recordId, third?.rootRun, third?.depth], ['check', parent.id, 2, 1]);
    assert.equal((await a.values(parent.id))['task_id'], 'from Child');
    assert.deepEqual(stepOf(await a.steps(2), 'parent').effects, [
      { kind: 'run', name: 'check', from: parent.id, value: 3 },
    ]);
  });

  it('starts it once for each record of a list, and not again in the same chain', async (t) => {
    const a = await open(
      t,
      flow(`<create-record id="a" module="Tasks" context="one"><set field="subject" value="a"/></create-record>
        <launch id="two" workflow="each"><context name="from" value="x"/></launch>
        <expression id="ids"><set context="ids" jsonata="[context.one, context.one]"/></expression>
        <launch id="tasks" workflow="task" context="ids"/>`),
      flow('<end id="e"/>', 'name="each" module="Accounts"', ''),
      flow('<end id="e"/>', 'name="task" module="Tasks"', ''),
    );
    await a.create({ accountname: 'Acme' }, 'Accounts');
    const runs = await a.allEnded(3);
    assert.deepEqual(runs.map(({ workflow }) => workflow).toSorted(), ['each', 'flow', 'task']);
    const { effects } = stepOf(await a.steps(1), 'tasks');
    assert.deepEqual(
      effects.map(({ value }) => value),
      [3, null],
    );
  });

  it('ends a circle of workflows at depth 8', async (t) => {
    const a = await open(
      t,
      flow(
        `<create-record id="next" module="Tasks" context="id"><set field="subject" value="again"/></create-record>
         <launch id="again" workflow="flow" context="id"/>`,
        'name="flow" module="Tasks"',
      ),
    );
    await a.create({ subject: 'first' }, 'Tasks');
    await a.waiting(9, 'person');
    const runs = await a.runs();
    assert.deepEqual([runs.length, runs.at(-1)?.depth], [9, 8]);
    assert.equal(stepOf(await a.steps(9), 'again').failure?.code, 'LAUNCH_TOO_DEEP');
  });

  it('refuses a record that is not there or of another module', async (t) => {
    const a = await open(
      t,
      flow(`<expression id="e"><set context="id" template="{record.rows}"/></expression>
        <launch id="go" workflow="check" context="id"><context name="from" value="x"/></launch>`),
      CHECK,
    );
    const contact = await a.create({ lastname: 'Ann' }, 'Contacts');
    const codes = [];
    for (const [index, rows] of ['11x999', contact.id, ''].entries()) {
      await a.create({ accountname: 'Acme', rows }, 'Accounts');
      await a.waiting(index + 1, 'person');
      codes.push(stepOf(await a.steps(index + 1), 'go').failure?.code);
    }
    assert.deepEqual(codes, ['LAUNCH_RECORD_MISSING', 'LAUNCH_MODULE_DIFFERS', 'LAUNCH_RECORD_MISSING']);
  });
});

describe('tasks about other records', () => {
  it('are done once by a run that is resumed after its process died', async (t) => {
    const a = await TestInstall.open(t, {
      worker: false,
      documents: [
        ...MODULES,
        flow(`<create-record id="remind" module="Tasks" context="id"><set field="subject" value="x"/></create-record>
          <launch id="go" workflow="task" context="id"/>
          <notify id="tell" to="user:admin" template="made {context.id}"/>
          <upsert id="person" module="Contacts" match="lastname"><set field="lastname" value="Ann"/></upsert>`),
        flow('<end id="e"/>', 'name="task" module="Tasks"', ''),
      ],
    });
    for (const accountname of ['A', 'B', 'C', 'D', 'E', 'F']) await a.create({ accountname }, 'Accounts');
    // Each process works for a moment only, wherever that leaves its runs.
    for (let tries = 0; tries < 12; tries++) {
      const started = a.install.startWorker();
      for (let turns = 0; turns < tries; turns++) await new Promise((resolve) => setImmediate(resolve));
      await started;
      await a.close();
      await a.reopen({ worker: false });
    }
    await a.install.startWorker();
    await a.allEnded(12);
    assert.equal((await tasks(a)).length, 6);
    assert.equal((await contacts(a)).length, 1);
    const told = await a.install.administration.notifications({ all: true, limit: 100 });
    assert.equal(told.length, 6);
  });

  it('are decided again when a person changes the record meanwhile, and both changes stay', async (t) => {
    const a = await open(
      t,
      flow(`<upsert id="person" module="Contacts" match="lastname"><set field="lastname" value="Ann"/>
        <set field="phone" template="{record.accountname}"/></upsert>`),
    );
    const ann = await a.create({ lastname: 'Ann' }, 'Contacts');
    const count = 15;
    for (let score = 1; score <= count; score++) {
      await a.create({ accountname: `${score}` }, 'Accounts');
      await a.revise({ id: ann.id, score });
    }
    const runs = await a.allEnded(count);
    assert.ok(runs.every(({ status }) => status === 'completed'));
    const values = await a.values(ann.id);
    assert.equal(values['score'], count);
    assert.notEqual(values['phone'], null);
    assert.equal((await contacts(a)).length, 1);
  });
});
