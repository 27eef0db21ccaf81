import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json } from '../../src/core/json.ts';
import type { RecordValue } from '../../src/core/record.ts';
import { SEARCH_OPERATORS } from '../../src/document/rule/record-search.ts';
import { valueCompares } from '../../src/catalog/compiled-guard.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { nativeDocument } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { ServedTest } from './served-install.ts';

const ACCOUNTS = nativeDocument(
  'module',
  'name="Accounts" prefix="11" title="accountname"',
  `<field name="accountname" type="string" length="100" mandatory="true"/><field name="employees" type="integer"/>
   <field name="active" type="boolean"/><field name="since" type="date"/><field name="met" type="datetime"/>
   <field name="kinds" type="multipicklist"><option value="Red"/><option value="Blue"/></field>
   <field name="size" type="string" length="60"/><field name="parent" type="reference" references="Accounts"/>`,
);

const rule = (name: string, attributes: string, content = ''): SourceFile =>
  nativeDocument('rule', `name="${name}" ${attributes}`, content);

const flow = (tasks: string, attributes = 'name="flow" module="Accounts"', trigger = '<trigger on="save"/>') =>
  nativeDocument('workflow', attributes, `${trigger}<tasks>${tasks}</tasks>`);

const KEEP = '<set-fields id="keep"><set field="size" rule="Size"/></set-fields>';

const open = (t: Parameters<typeof TestInstall.open>[0], ...documents: SourceFile[]) =>
  TestInstall.open(t, { documents: [ACCOUNTS, ...documents] });

describe('a native rule in a run', () => {
  it('sees what the run sees: the record, what it was, the context and its types', async (t) => {
    const row = (when: string, value: string): string => `<row when="${when}" value="${value}"/>`;
    const size = rule(
      'Size',
      'module="Accounts"',
      row(
        `context.list[1] = 2 and context.flag = true and previous.employees = 5 and 'employees' in changed`,
        'grown',
      ) +
        row('context.list[1] = 2 and record.employees = 5', 'new') +
        '<otherwise value="lost"/>',
    );
    const context = `<expression id="context"><set context="list" jsonata="[1, 2]"/><set context="flag" jsonata="true"/></expression>`;
    const a = await open(t, size, flow(context + KEEP));
    const { id } = await a.create({ accountname: 'Acme', employees: '5' }, 'Accounts');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal((await a.values(id))['size'], 'new');
    await a.revise({ id, employees: '50' });
    assert.equal((await a.ended(2)).status, 'completed');
    assert.equal((await a.values(id))['size'], 'grown');
  });

  it('is asked by expressions of coreBOS, and keeps to the revision of the run', async (t) => {
    const ask = flow(`<set-fields id="keep"><set field="size" legacy="evaluateRule('size')"/></set-fields>`);
    const size = (word: string) =>
      rule('Size', `module="Accounts" jsonata="record.employees > 100 ? '${word}' : 'small'"`);
    const a = await open(t, size('big'), ask);
    const first = await a.create({ accountname: 'Acme', employees: '500' }, 'Accounts');
    await a.ended(1);
    await a.apply([size('huge')]);
    const second = await a.create({ accountname: 'Bolt', employees: '500' }, 'Accounts');
    await a.ended(2);
    assert.deepEqual([(await a.values(first.id))['size'], (await a.values(second.id))['size']], ['big', 'huge']);
  });

  it('leaves the run to a person when it fails', async (t) => {
    const a = await open(t, rule('Size', 'context="missing"'), flow(KEEP));
    await a.create({ accountname: 'Acme' }, 'Accounts');
    const wait = await a.waiting(1, 'person');
    assert.match(wait.reason, /^keep: PARAMETER_SOURCE_MISSING /u);
  });

  it('chooses the records that a task works on', async (t) => {
    const large = rule(
      'Large',
      '',
      '<search module="Accounts" order="-employees" limit="2"><condition field="employees" is="greater" context="least"/></search>',
    );
    const mark = flow(
      '<set-fields id="mark"><set field="size" value="seen"/></set-fields>',
      'name="mark" module="Accounts"',
      '<trigger on="manual"/>',
    );
    const start = flow(
      '<expression id="p"><set context="least" value="3"/></expression><launch id="all" workflow="mark" records="Large"/>',
      'name="start"',
      '<trigger on="manual"/>',
    );
    const a = await open(t, large, mark, start);
    for (const employees of ['1', '50', '5', '500']) {
      await a.create({ accountname: `A${employees}`, employees }, 'Accounts');
    }
    await a.install.starter.start({ workflow: 'start', records: [], context: {}, user: '19x1' });
    await a.ended(3);
    const { records } = await a.install.crm.query("select accountname from Accounts where size = 'seen';");
    assert.deepEqual(records.map(({ values }) => values['accountname']).toSorted(), ['A50', 'A500']);
  });
});

/** A value as a search is to find it: an unticked box is off, touched or not. */
const asFound = (field: string, value: RecordValue | undefined): RecordValue =>
  field === 'active' ? value === true : (value ?? null);

describe('a search for records', () => {
  const FIELDS = ['accountname', 'employees', 'active', 'since', 'met', 'kinds', 'parent'];
  const VALUES = [
    '',
    '0',
    '5',
    '5.0',
    'Acme',
    'acme',
    'A%',
    'true',
    'false',
    '2026-03-11',
    '2026-03-11T09:00:00Z',
    'Red',
    '11x1',
    'x',
  ];

  it('finds exactly the records for which the condition holds, whatever the database takes for equal', async (t) => {
    const a = await open(
      t,
      ...FIELDS.flatMap((field) =>
        SEARCH_OPERATORS.map((is) => {
          const compared = is === 'empty' || is === 'not-empty' ? '' : 'context="wanted"';
          return rule(
            `${field}-${is}`,
            '',
            `<search module="Accounts" give="all"><condition field="${field}" is="${is}" ${compared}/></search>`,
          );
        }),
      ),
    );
    const rows = [
      { accountname: 'Acme' },
      { accountname: 'acme', employees: '5', active: 'true', since: '2026-03-11', kinds: 'Red |##| Blue' },
      { accountname: 'A%x', employees: '0', active: 'false', met: '2026-03-11 09:00:00', parent: '11x1' },
      { accountname: '5.0', employees: '-7', since: '2020-01-01', kinds: 'Red' },
    ];
    for (const row of rows) await a.create(row, 'Accounts');
    const search = a.install.crm.search ?? assert.fail();
    const images = await search({
      module: 'Accounts',
      select: '*',
      where: undefined,
      order: [],
      offset: 0,
      limit: 100,
    });
    for (const field of FIELDS) {
      for (const is of SEARCH_OPERATORS) {
        for (const wanted of VALUES) {
          const found = await a.install.rules.evaluate({ name: `${field}-${is}`, values: { wanted }, user: '19x1' });
          const expected = images.filter(({ values }) => valueCompares(is, asFound(field, values[field]), wanted));
          assert.deepEqual(
            found,
            expected.map(({ id }): Json => id),
            `${field} ${is} ${wanted}`,
          );
        }
      }
    }
  });
});

describe('a search for one of thousands of values', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => String(index + 10));

  it('finds them in fields of every type', async (t) => {
    const fields = ['accountname', 'employees', 'active', 'since', 'parent'];
    const among = fields.map((field) =>
      rule(
        field,
        '',
        `<search module="Accounts" give="count"><condition field="${field}" is="one-of" context="wanted"/></search>`,
      ),
    );
    const a = await open(t, ...among);
    await a.create({ accountname: 'Acme', employees: '5', active: 'true', since: '2026-03-11' }, 'Accounts');
    await a.create({ accountname: 'Bolt', parent: '11x1' }, 'Accounts');
    const count = (name: string, ...values: string[]) =>
      a.install.rules.evaluate({ name, values: { wanted: [...many, ...values] }, user: '19x1' });
    assert.deepEqual(
      [await count('accountname', 'Acme', 'Bolt'), await count('employees', '5.0'), await count('since', '2026-03-11')],
      [2, 1, 1],
    );
    assert.deepEqual([await count('parent', '11x1'), await count('parent', '11x1', '')], [1, 2]);
    assert.deepEqual([await count('active', 'true'), await count('active', 'true', 'false')], [1, 2]);
    assert.deepEqual([await count('accountname'), await count('employees', '')], [0, 1]);
  });

  it('finds them by a list in a decision table of coreBOS', async (t) => {
    const table = (operation: string): SourceFile => ({
      file: `by-${operation}.xml`,
      text: `<decision><hitPolicy>C</hitPolicy><rules><rule><sequence>1</sequence><decisionTable><module>Accounts</module>
        <conditions><condition><input>wanted</input><operation>${operation}</operation><field>accountname</field></condition></conditions>
        <output>accountname</output></decisionTable><output>FieldValue</output></rule></rules></decision>`,
    });
    const a = await open(t, table('i'), table('ni'));
    for (const accountname of ['Acme', 'Bolt']) await a.create({ accountname }, 'Accounts');
    const ask = (name: string) =>
      a.install.rules.evaluate({ name, values: { wanted: [...many, 'Acme'].join(',') }, user: '19x1' });
    assert.deepEqual([await ask('by-i'), await ask('by-ni')], [['Acme'], ['Bolt']]);
  });
});

it('a search orders texts letter by letter, a decision table of coreBOS numbers in them by their size', async (t) => {
  const search = rule('Search', '', '<search module="Accounts" give="all" field="accountname" order="accountname"/>');
  const text = `<decision><hitPolicy>C</hitPolicy><rules><rule><sequence>1</sequence><decisionTable><module>Accounts</module>
    <orderby>accountname</orderby><output>accountname</output></decisionTable><output>FieldValue</output></rule></rules></decision>`;
  const a = await open(t, search, { file: 'Table.xml', text });
  for (const accountname of ['9', '10']) await a.create({ accountname }, 'Accounts');
  const ask = (name: string) => a.install.rules.evaluate({ name, values: {}, user: '19x1' });
  assert.deepEqual(
    [await ask('Search'), await ask('Table')],
    [
      ['10', '9'],
      ['9', '10'],
    ],
    'what convert tells',
  );
});

it('clients ask native rules on records and on values, and are told no more than they say', async (t) => {
  const size = rule(
    'Size',
    'module="Accounts"',
    '<give name="big" jsonata="record.employees > 100"/><give name="name" field="accountname"/>',
  );
  const needs = rule('Needs', 'template="for {context.customer}"');
  const test = await ServedTest.open(t, [ACCOUNTS, size, needs]);
  const element = JSON.stringify({ accountname: 'Desk', employees: 150 });
  const created = await test.call('create', { elementType: 'Accounts', element });
  const id = String(Object(created.result)['id']);
  const ask = async (context: string) => (await test.call('cbRule', { conditionid: 'Size', context })).result;
  assert.deepEqual(await ask(id), { big: true, name: 'Desk' });
  assert.deepEqual(await ask('{"employees":5}'), { big: false, name: '' });
  const { code, message } = await test.call('cbRule', { conditionid: 'Needs', context: id });
  assert.equal(code, 'INVALID_BUSINESSMAP', 'whoever forgot a value is told which');
  assert.match(message, /context\.customer/u);
});
