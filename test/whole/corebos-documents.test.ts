import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { mapwright, refused } from './command-here.ts';
import { temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';

const MODULES: readonly SourceFile[] = [
  nativeDocument(
    'module',
    'name="Accounts" prefix="11" title="accountname"',
    `<field name="accountname" type="string" length="100" mandatory="true"/><field name="employees" type="integer"/>
     <field name="size" type="string" length="60"/><field name="rows" type="text"/><field name="assigned_user_id" type="owner"/>`,
  ),
  nativeDocument(
    'module',
    'name="Jobs" prefix="62" title="subject"',
    `<field name="subject" type="string" length="100" mandatory="true"/><field name="job_no" type="string" length="20"/>
     <field name="hours" type="number"/><field name="account_id" type="reference" references="Accounts"/>`,
  ),
];

const legacy = (name: string, text: string): SourceFile => ({ file: `${name}.xml`, text });

const SIZE = legacy('Size', "<map><expression>if employees > 100 then 'big' else 'small' end</expression></map>");

const part = (name: string, id: string): string =>
  `<Orgfields><Orgfield><OrgfieldName>${name}</OrgfieldName><OrgfieldID>${id}</OrgfieldID></Orgfield></Orgfields>`;

const mapping = (name: string, fields: Readonly<Record<string, string>>): SourceFile => {
  const inner = Object.entries(fields).map(
    ([field, parts]) => `<field><fieldname>${field}</fieldname>${parts}</field>`,
  );
  return legacy(name, `<map><originmodule/><targetmodule/><fields>${inner.join('')}</fields></map>`);
};

const flow = (tasks: string, attributes = 'name="flow" module="Accounts"', trigger = '<trigger on="create"/>') =>
  nativeDocument('workflow', attributes, `${trigger}<tasks>${tasks}</tasks>`);

const open = (t: Parameters<typeof TestInstall.open>[0], ...documents: SourceFile[]) =>
  TestInstall.open(t, { documents: [...MODULES, ...documents] });

const jobs = async (a: TestInstall) => (await a.install.crm.query('select * from Jobs;')).records;

const noted = legacy(
  'Noted',
  `<decision><hitPolicy>F</hitPolicy><rules>
     <rule><sequence>1</sequence><expression>if '$[token]' == 'x' then 'no' else '__DoesNotPass__' end</expression><output>ExpressionResult</output></rule>
     <rule><sequence>2</sequence><mapid>Size</mapid><output>ExpressionResult</output></rule></rules></decision>`,
);

describe('a rule of coreBOS in a run', () => {
  it('answers on the record and the context, and is told as the source', async (t) => {
    const a = await open(
      t,
      SIZE,
      noted,
      flow(`<expression id="token"><set context="token" value="y"/></expression>
        <expression id="ask"><set context="size" rule="Noted"/></expression>
        <set-fields id="keep"><set field="size" context="size"/></set-fields>`),
    );
    const { id } = await a.create({ accountname: 'Acme', employees: '500' }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values(id))['size'], 'big');
    const [effect] = stepOf(await a.steps(1), 'ask').effects;
    assert.deepEqual([effect?.name, effect?.from, effect?.value], ['size', 'rule Noted', 'big']);
  });

  it('is reached by evaluateRule(), and keeps to the revision of the run', async (t) => {
    const a = await open(
      t,
      SIZE,
      flow(`<set-fields id="keep"><set field="size" legacy="evaluateRule('size')"/></set-fields>`),
    );
    const first = await a.create({ accountname: 'Acme', employees: '500' }, 'Accounts');
    await a.ended(1);
    await a.apply([{ ...SIZE, text: SIZE.text.replace("'big'", "'huge'") }]);
    const second = await a.create({ accountname: 'Bolt', employees: '500' }, 'Accounts');
    await a.ended(2);
    assert.deepEqual([(await a.values(first.id))['size'], (await a.values(second.id))['size']], ['big', 'huge']);
  });

  it('is refused in a native document when nobody wrote it', async (t) => {
    const a = await open(t);
    const documents = [flow('<expression id="a"><set context="b" rule="Sise"/></expression>'), SIZE];
    const report = await a.install.administration.apply({ documents, prune: false, dryRun: false, by: 'test' });
    const told = report.diagnostics.map(({ severity, code, hint }) => [severity, code, hint]);
    assert.deepEqual(told, [['error', 'RULE_UNKNOWN', 'did you mean "Size"?']]);
    assert.equal(report.stored, false);
  });
});

describe('a mapping in a task', () => {
  it('fills a new record, under what is set', async (t) => {
    const a = await open(
      t,
      SIZE,
      mapping('ToJob', {
        subject: part('accountname', 'FIELD'),
        job_no: part('Size', 'RULE'),
        hours: part('employees', ''),
      }),
      flow(`<create-record id="job" module="Jobs" mapping="ToJob">
        <set field="job_no" value="J1"/><set field="account_id" jsonata="record.id"/></create-record>`),
    );
    const { id } = await a.create({ accountname: 'Acme & Söhne', employees: '5' }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    const [job] = await jobs(a);
    const { subject, job_no: number, hours, account_id: account } = job?.values ?? {};
    assert.deepEqual(
      { subject, number, hours, account },
      { subject: 'Acme & Söhne', number: 'J1', hours: 5, account: id },
    );
  });

  it('is applied to each item of a list', async (t) => {
    const a = await open(
      t,
      mapping('Row', {
        subject: part('title.text', ''),
        job_no: part('no', ''),
        hours: part('getFromContext(&apos;hours&apos;)', 'EXPRESSION'),
      }),
      flow(`<expression id="rows"><set context="rows" field="rows" type="json"/><set context="hours" value="8"/></expression>
        <upsert id="jobs" module="Jobs" match="job_no" each="context.rows" mapping="Row" context="ids"/>`),
    );
    const rows = [
      { no: 'A', title: { text: 'first' } },
      { no: 'B', title: { text: 'second' } },
      { no: 'A', title: { text: 'again' } },
    ];
    await a.create({ accountname: 'Acme', rows: JSON.stringify(rows) }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    const found = (await jobs(a)).map(({ values }) => [values['job_no'], values['subject'], values['hours']]);
    assert.deepEqual(found.toSorted(), [
      ['A', 'again', 8],
      ['B', 'second', 8],
    ]);
  });

  it('leaves the run to a person when it fails, and writes nothing', async (t) => {
    const a = await open(
      t,
      mapping('Broken', { subject: part("modulo(1, 'x')", 'EXPRESSION') }),
      flow('<create-record id="job" module="Jobs" mapping="Broken"/>'),
    );
    await a.create({ accountname: 'Acme' }, 'Accounts');
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /^job: EXPRESSION_FAILED /u);
    assert.deepEqual(await jobs(a), []);
  });

  it('is checked: its name, and the fields that a new record must have', async (t) => {
    const a = await open(t);
    const codes = async (...documents: SourceFile[]) => {
      const { administration } = a.install;
      const { diagnostics } = await administration.apply({ documents, prune: false, dryRun: true, by: 'test' });
      return diagnostics.map(({ severity, code }) => `${severity} ${code}`);
    };
    const task = flow('<create-record id="job" module="Jobs" mapping="ToJob"/>');
    assert.deepEqual(await codes(task), ['error FIELD_NOT_SET', 'error MAPPING_UNKNOWN']);
    assert.deepEqual(await codes(task, mapping('ToJob', { hours: part('7', 'CONST') })), ['error FIELD_NOT_SET']);
    const stray = mapping('ToJob', { subject: part('7', 'CONST'), colour: part('red', 'CONST') });
    assert.deepEqual(await codes(task, stray), ['warning FIELD_UNKNOWN']);
  });
});

describe('launch on chosen records', () => {
  const mark = flow(
    '<set-fields id="mark"><set field="size" value="seen"/></set-fields>',
    'name="mark" module="Accounts"',
    '<trigger on="manual"/>',
  );
  const start = (records: string) =>
    flow(`<launch id="all" workflow="mark" records="${records}"/>`, 'name="start"', '<trigger on="manual"/>');
  const seen = async (a: TestInstall) => {
    const { records } = await a.install.crm.query("select accountname from Accounts where size = 'seen';");
    return records.map(({ values }) => values['accountname']);
  };
  const begin = (a: TestInstall) =>
    a.install.starter.start({ workflow: 'start', records: [], context: {}, user: '19x1' });

  it('runs on what a condition query finds', async (t) => {
    const conditions =
      '[{"fieldname":"employees","operation":"greater than","value":"$[least]","valuetype":"rawtext"}]';
    const query = `<map><module>Accounts</module><conditions>${conditions}</conditions><return>count</return></map>`;
    const launch = start('Large').text.replace(
      '<launch',
      '<expression id="p"><set context="least" value="10"/></expression><launch',
    );
    const a = await open(t, mark, legacy('Large', query), { file: 'start.xml', text: launch });
    for (const [name, employees] of [
      ['Acme', '5'],
      ['Bolt', '50'],
      ['Chip', '500'],
    ] as const) {
      await a.create({ accountname: name, employees }, 'Accounts');
    }
    await begin(a);
    await a.allEnded(3);
    assert.deepEqual(await seen(a), ['Bolt', 'Chip']);
  });

  it('runs on the records of a record set, and on none when none is there', async (t) => {
    const set = '<map><records><record><id>2</id></record><record><id>11x99</id></record></records></map>';
    const a = await open(t, mark, legacy('Focus', set), start('Focus'));
    for (const name of ['Acme', 'Bolt']) await a.create({ accountname: name }, 'Accounts');
    await begin(a);
    await a.allEnded(2);
    assert.deepEqual(await seen(a), ['Bolt']);
    await a.apply([legacy('Focus', set.replace('<id>2</id>', '<id>11x98</id>'))]);
    await begin(a);
    assert.deepEqual(
      (await a.allEnded(3)).map(({ status }) => status),
      ['completed', 'completed', 'completed'],
    );
  });

  it('is refused when nobody wrote them', async (t) => {
    const a = await open(t, mark);
    const documents = [start('Focus'), SIZE];
    const { diagnostics } = await a.install.administration.apply({ documents, prune: false, dryRun: true, by: 'test' });
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['RECORDS_UNKNOWN'],
    );
  });
});

describe('texts of coreBOS in native tasks', () => {
  it('are rendered over the record', async (t) => {
    const a = await open(
      t,
      flow(`<set-fields id="set"><set field="size" legacy-template="$accountname of $(assigned_user_id : (Users) user_name)"/></set-fields>
        <expression id="set2"><set context="said" legacy-template="$accountname!"/></expression>
        <notify id="tell" to="user:admin" legacy-template="$accountname is $size"/>`),
    );
    const { id } = await a.create({ accountname: 'Acme', employees: '5' }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values(id))['size'], 'Acme of admin');
    assert.equal(stepOf(await a.steps(1), 'set2').effects[0]?.value, 'Acme!');
    assert.equal(stepOf(await a.steps(1), 'tell').effects[0]?.value, 'Acme is Acme of admin');
  });
});

describe('setToContext() in an expression task', () => {
  it('leaves values for later tasks, and the record to itself', async (t) => {
    const a = await open(
      t,
      flow(`<expression id="first"><set context="a" legacy="concat(setToContext('b', accountname), '!')"/></expression>
        <set-fields id="keep"><set field="size" template="{context.a} {context.b}"/></set-fields>`),
    );
    const { id } = await a.create({ accountname: 'Acme' }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values(id))['size'], 'Acme! Acme');
    const told = stepOf(await a.steps(1), 'first').effects.map(({ name, from, value }) => [name, from, value]);
    assert.deepEqual(told, [
      ['b', 'setToContext', 'Acme'],
      ['a', 'legacy expression', 'Acme!'],
    ]);
  });
});

describe('the type of a coreBOS map on the command line', () => {
  const unclear =
    '<map><originmodule/><fields><field><fieldname>a</fieldname><value>1</value></field></fields></map>\n';

  it('is forced, stored with the text, and exported', async (t) => {
    const folder = await temporaryFolder(t);
    const install = join(folder, 'install');
    await mkdir(join(folder, 'maps'));
    await writeFile(join(folder, 'maps', 'Order2Job.xml'), unclear);
    await writeFile(join(folder, 'maps', 'Accounts.xml'), MODULES[0]?.text ?? '');
    const checked = await mapwright(['check', 'maps'], { cwd: folder });
    assert.equal(checked.exitCode, 1);
    assert.match(checked.output, /DOCUMENT_KIND_UNKNOWN/u);
    const plan = await mapwright(['plan', '--type', 'Mapping', 'maps', '--dir', install], { cwd: folder });
    assert.match(plan.output, /^\+ mapping Order2Job$/mu);
    const applied = await mapwright(['apply', '--type', 'mapping', 'maps', '--dir', install], { cwd: folder });
    assert.equal(applied.exitCode, 0, applied.output + applied.errors);
    const again = await mapwright(['apply', '--type', 'mapping', 'maps', '--dir', install, '--json'], { cwd: folder });
    assert.equal((JSON.parse(again.output) as { stored: boolean }).stored, false);
    await mapwright(['export', 'out', '--dir', install], { cwd: folder });
    const exported = await readFile(join(folder, 'out', 'Order2Job.xml'), 'utf8');
    assert.equal(exported, `${unclear}<?mapwright type="mapping"?>\n`);
    assert.equal(await readFile(join(folder, 'out', 'Accounts.xml'), 'utf8'), MODULES[0]?.text);
    assert.equal((await mapwright(['check', 'out'], { cwd: folder })).exitCode, 0);
  });

  it('is one of those that there are', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'a.xml'), unclear);
    const { errors } = await refused('CLI_USAGE', ['check', '--type', 'maping', 'a.xml'], { cwd: folder });
    assert.match(errors, /did you mean "mapping"/u);
  });
});
