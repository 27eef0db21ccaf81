import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Outcome } from '../../src/import/workflow/report.ts';
import { nativeDocument } from '../whole/documents.ts';
import { type Conversion, convert, convertTasks, linesOf } from './conversion.ts';
import { callTask, exportedTask, exportedWorkflow, fieldMapping } from './exported-task.ts';

const outcomes = ({ tasks }: Conversion): Outcome[] => tasks.map(({ outcome }) => outcome);

/** What is converted must pass check, with these lines among its own. */
function assertLines({ text, diagnostics }: Conversion, ...lines: readonly string[]): void {
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
  for (const line of lines) assert.ok(linesOf(text).includes(line), `${line}\n${text}`);
}

const updateTask = (mapping: string, more = {}): string =>
  exportedTask('VTUpdateFieldsTask', { summary: 'Set', field_value_mapping: mapping, launchrelwf: '', ...more });

describe('Run Web Service', () => {
  it('is a call; logins are renewed, logouts always done, others neither', async () => {
    const maps = [
      'coreBOSSyncChallenge',
      'coreBOSSyncLogin',
      'ProductSyncCreate',
      'ProductSyncUpdate',
      'coreBOSSyncLogout',
    ];
    const converted = await convert(exportedWorkflow({ tasks: maps.map((map) => callTask(map, map)) }));
    assertLines(
      converted,
      '<webservice id="corebossyncchallenge" label="coreBOSSyncChallenge" map="coreBOSSyncChallenge" renew="true"/>',
      '<webservice id="corebossynclogin" label="coreBOSSyncLogin" map="coreBOSSyncLogin" renew="true"/>',
      '<webservice id="productsynccreate" label="ProductSyncCreate" map="ProductSyncCreate"/>',
      '<webservice id="productsyncupdate" label="ProductSyncUpdate" map="ProductSyncUpdate"/>',
      '<webservice id="corebossynclogout" label="coreBOSSyncLogout" map="coreBOSSyncLogout" always="true"/>',
    );
    assert.deepEqual(outcomes(converted), ['changed', 'changed', 'kept', 'kept', 'changed']);
  });

  it('finds its map by number before the name that it once had, and by a name like a file', async () => {
    const exported = exportedWorkflow({
      tasks: [callTask('a', 'Old name', { bmapid: '43x12' }), callTask('b', 'productsync create')],
    });
    const named = await convert(exported, [], new Map([['12', 'ProductSyncCreate']]));
    assert.ok(named.text.includes('id="a" map="ProductSyncCreate"'));
    const { text } = await convert(exportedWorkflow({ tasks: [callTask('a', 'coreBOSSyncLogin!')] }));
    assert.ok(text.includes('map="coreBOSSyncLogin" renew="true"'));
  });

  it('whose map is not known says so, and check does', async () => {
    const nameless = await convert(exportedWorkflow({ tasks: [callTask('a', '', { bmapid: '12' })] }));
    assert.deepEqual(outcomes(nameless), ['partly']);
    assert.ok(nameless.diagnostics.some(({ code }) => code === 'MAP_UNKNOWN'));
    assert.deepEqual(outcomes(await convert(exportedWorkflow({ tasks: [callTask('a', 'Elsewhere')] }))), ['changed']);
    assert.deepEqual(outcomes(await convert(exportedWorkflow({ tasks: [callTask('a', '', { bmapid: '' })] }))), [
      'dropped',
    ]);
  });
});

describe('every task', () => {
  const off = 'when="false"';

  it('keeps its conditions, and stays switched off', async () => {
    const test =
      '[{"fieldname":"lastname","operation":"is not empty","value":"","valuetype":"rawtext","joincondition":"","groupid":"0"}]';
    const converted = await convertTasks([
      callTask('a', 'ProductSyncCreate', { test }),
      callTask('b', 'ProductSyncCreate', { active: false }),
    ]);
    assertLines(
      converted,
      `<legacy-conditions><![CDATA[${test}]]></legacy-conditions>`,
      `<webservice id="b" ${off} map="ProductSyncCreate"/>`,
    );
    assert.deepEqual(outcomes(converted), ['kept', 'kept']);
  });

  it('that waits, or whose conditions cannot be read, is switched off', async () => {
    const trigger = {
      entries: [
        ['days', 3],
        ['field', 'duedate'],
      ] as const,
    };
    const converted = await convertTasks([
      callTask('a', 'ProductSyncCreate', { trigger }),
      callTask('b', 'ProductSyncCreate', { test: 'no list' }),
    ]);
    assertLines(
      converted,
      `<webservice id="a" ${off} map="ProductSyncCreate"/>`,
      `<webservice id="b" ${off} map="ProductSyncCreate">`,
    );
    assert.deepEqual(outcomes(converted), ['partly', 'partly']);
  });

  it('that is not known is a comment, and without any the workflow is switched off', async () => {
    const converted = await convertTasks([
      exportedTask('VTSMSTask', { summary: 'Text -- me' }),
      'C:1:"A":0:{}',
      exportedTask('constructor', {}),
    ]);
    assertLines(converted, '<end id="nothing-to-do"/>');
    assert.match(converted.text, /active="false"/u);
    assert.match(converted.text, /<!-- Text - - me \(VTSMSTask\) is left out: /u);
    assert.deepEqual(outcomes(converted), ['dropped', 'dropped', 'dropped']);
  });
});

describe('Update Fields', () => {
  it('sets literals, fields and expressions', async () => {
    const converted = await convertTasks([
      updateTask(
        fieldMapping(
          ['lastname', 'expression', "concat(lastname, 'a')<br />"],
          ['phone', 'fieldname', 'lastname'],
          ['email', 'fieldname', '(contact_id : (Contacts) email)'],
          ['active', 'rawtext', 'true:boolean'],
          ['product_id', 'rawtext', '17'],
          ['contact_id', 'fieldname', 'id'],
          ['assigned_user_id', 'rawtext', 'an&#039;na'],
        ),
      ),
    ]);
    assertLines(
      converted,
      `<set field="lastname" legacy="concat(lastname, 'a')"/>`,
      '<set field="phone" jsonata="record.lastname"/>',
      '<set field="email" legacy="$(contact_id : (Contacts) email)"/>',
      '<set field="active" value="1"/>',
      '<set field="product_id" value="14x17"/>',
      '<set field="contact_id" jsonata="record.id"/>',
    );
    assert.ok(converted.text.includes(String.raw`getIDof('Users', 'user_name', 'an\'na')`));
    assert.deepEqual(outcomes(converted), ['changed']);
  });

  it('sets each field once, as said last, and leaves out what cannot be', async () => {
    const converted = await convertTasks([
      updateTask(
        fieldMapping(
          ['phone', 'rawtext', '1'],
          ['email', 'rawtext', 'a@example.com'],
          ['phone', 'rawtext', '2'],
          ['nothing', 'rawtext', '3'],
          ['lastname', 'expression', 'noSuchFunction(1)'],
        ),
      ),
      updateTask(''),
      updateTask('no list'),
    ]);
    assertLines(converted, '<set field="phone" value="2"/>', '<set field="email" value="a@example.com"/>');
    assert.ok(!converted.text.includes('value="1"'));
    assert.match(converted.text, /<!-- nothing is not set: /u);
    assert.match(converted.text, /<!-- lastname is not set: /u);
    assert.deepEqual(outcomes(converted), ['partly', 'dropped', 'dropped']);
  });

  it('changes the record behind a reference by a workflow of its own', async () => {
    const behind = { fldmodule: 'Products', fldrelname: 'serial_no' };
    const converted = await convertTasks([
      updateTask(
        fieldMapping(['phone', 'rawtext', '1'], ['product_id', 'expression', "concat(lastname,'x')", behind]),
        { launchrelwf: 'on' },
      ),
    ]);
    assertLines(
      converted,
      '<launch id="set-2" label="Set" workflow="a-workflow-products" field="product_id">',
      '<condition field="product_id" is="not-empty"/>',
      `<context name="new_serial_no" legacy="concat(lastname,'x')"/>`,
    );
    const [, helper] = converted.imported.files;
    assert.equal(helper?.path, 'a-workflow-products.xml');
    assert.ok(helper.text.includes('<set field="serial_no" context="new_serial_no"/>'));
    assert.deepEqual(converted.tasks[0]?.ids, ['set', 'set-2']);
  });

  it('makes no workflow for a record behind a reference of which nothing can be set', async () => {
    const behind = { fldmodule: 'Products', fldrelname: 'nowhere' };
    const also = await convertTasks([
      updateTask(fieldMapping(['phone', 'rawtext', '1'], ['product_id', 'rawtext', '1', behind])),
    ]);
    assert.deepEqual([also.imported.files.length, also.tasks[0]?.ids], [1, ['set']]);
    assert.deepEqual([outcomes(also), also.diagnostics], [['partly'], []]);
    const alone = await convertTasks([updateTask(fieldMapping(['product_id', 'rawtext', '1', behind]))]);
    assert.deepEqual([alone.imported.files.length, alone.tasks[0]?.ids], [1, []]);
    assert.deepEqual([outcomes(alone), alone.diagnostics], [['dropped'], []]);
  });
});

describe('Create Entity', () => {
  const create = (more: Record<string, string>): string =>
    exportedTask('VTCreateEntityTask', { summary: 'Make', entity_type: 'Products', reference_field: '', ...more });

  it('makes a record that starts workflows, with what is told of it', async () => {
    const mapping = fieldMapping(
      ['productname', 'fieldname', 'lastname', { modulename: 'Contacts' }],
      ['serial_no', 'fieldname', 'productname', { modulename: 'Products' }],
      ['description', 'fieldname', 'unit_price', { modulename: 'Products' }],
    );
    const converted = await convertTasks([create({ field_value_mapping: mapping, reference_field: 'nowhere' })]);
    assertLines(
      converted,
      '<create-record id="make" label="Make" module="Products" fires="true">',
      '<set field="productname" jsonata="record.lastname"/>',
      '<set field="serial_no" jsonata="record.lastname"/>',
    );
    assert.ok(!converted.text.includes('field="description"'));
    assert.deepEqual(outcomes(converted), ['partly']);
  });

  it('refers to its record, and is filled by the mapping of its name', async () => {
    const mapping = {
      file: 'Products2Contacts.xml',
      text: `<map><originmodule><originname>Products</originname></originmodule><targetmodule><targetname>Contacts</targetname></targetmodule>
        <fields><field><fieldname>phone</fieldname><Orgfields><Orgfield><OrgfieldName>1</OrgfieldName><OrgfieldID>CONST</OrgfieldID></Orgfield></Orgfields></field></fields></map>`,
    };
    const task = create({
      entity_type: 'Contacts',
      reference_field: 'product_id',
      field_value_mapping: fieldMapping(['lastname', 'rawtext', 'New']),
    });
    const converted = await convert(exportedWorkflow({ tasks: [task] }), [mapping]);
    assertLines(
      converted,
      '<create-record id="make" label="Make" module="Contacts" fires="true" mapping="Products2Contacts">',
      '<set field="product_id" jsonata="record.id"/>',
    );
  });

  it('without anything to create is left out, as in coreBOS', async () => {
    assert.deepEqual(
      outcomes(await convertTasks([create({}), create({ entity_type: '', field_value_mapping: '[]' })])),
      ['dropped', 'dropped'],
    );
  });
});

describe('Upsert', () => {
  const rule = (conditions: string): { file: string; text: string } => ({
    file: 'FindContact.xml',
    text: `<map><module>Contacts</module><fields>id</fields><conditions>${conditions}</conditions><return>id</return></map>`,
  });
  const BY_EMAIL = `[{"fieldname":"email","operation":"is","value":"$[email]","valuetype":"rawtext","joincondition":"and","groupid":"0"}]`;
  const BY_TEXT = BY_EMAIL.replace('$[email]', 'anna@example.com');
  const task = exportedTask('CBUpsertTask', {
    summary: 'Take over',
    upsert_module: 'Contacts',
    bmapid: '12',
    bmapid_display: 'FindContact',
    field_value_mapping: fieldMapping(
      ['lastname', 'expression', "getFromContext('current_upsert_row.name')"],
      ['email', 'expression', "getFromContext('current_upsert_row.mail')"],
    ),
  });

  it('looks for records by the fields that its rule compares', async () => {
    const converted = await convert(exportedWorkflow({ tasks: [task] }), [rule(BY_EMAIL)]);
    assertLines(converted, `<set field="email" legacy="getFromContext('current_upsert_row.mail')"/>`);
    assert.match(converted.text, /match="email"\s+each="context.upsert_rows"\s+when-empty="create"/u);
    assert.deepEqual(converted.tasks[0]?.ids, ['take-over-rows', 'take-over']);
  });

  it('with another rule, or none, is left out', async () => {
    const none = exportedTask('CBUpsertTask', {
      upsert_module: 'Contacts',
      field_value_mapping: fieldMapping(['email', 'rawtext', 'x']),
    });
    const rules = [[rule(BY_TEXT)], [rule('[]')], []];
    for (const more of rules) {
      assert.deepEqual(outcomes(await convert(exportedWorkflow({ tasks: [task] }), more)), ['dropped']);
    }
    assert.deepEqual(outcomes(await convertTasks([none])), ['dropped']);
  });
});

describe('Execute Expression', () => {
  it('sets context values, and does what has no name', async () => {
    const list = [
      { exp: '1 + 1', typ: 'expression', var: 'two' },
      { exp: 'as it is', typ: 'rawtext', var: 'text' },
      { exp: 'lastname', typ: 'fieldname', var: 'name' },
      { exp: "setToContext('a', lastname)", typ: 'expression', var: '' },
      { exp: '1', typ: 'expression', var: 'no.name' },
    ];
    const converted = await convertTasks([
      exportedTask('wfExecExpression', { summary: 'Compute', wfexeexps: JSON.stringify(list) }),
    ]);
    assertLines(
      converted,
      '<set context="two" legacy="1 + 1"/>',
      '<set context="text" value="as it is"/>',
      '<set context="name" legacy="lastname"/>',
      `<set context="expression_4" legacy="setToContext('a', lastname)"/>`,
    );
    assert.deepEqual(outcomes(converted), ['partly']);
  });
});

describe('Launch Workflow', () => {
  const launch = (option: string, more: Record<string, string> = {}): string =>
    exportedTask('CBLaunchWorkFlowTask', {
      summary: option,
      workflowid: '9',
      workflowid_display: 'Other',
      record_filter_opt: option,
      ...more,
    });
  const run = (tasks: readonly string[], more: Parameters<typeof convert>[1] = []) =>
    convert(
      [
        { ...exportedWorkflow({ title: 'First', tasks }), workflow_id: 8 },
        {
          ...exportedWorkflow({ title: 'Other', execution: 7, tasks: [callTask('a', 'ProductSyncCreate')] }),
          workflow_id: 9,
        },
      ],
      more,
    );

  it('starts it on the record, on a list, or on what a map chooses', async () => {
    const set = { file: 'Some.xml', text: '<map><records><record><id>14x17</id></record></records></map>' };
    const converted = await run(
      [
        launch('filterByCurrentRecord'),
        launch('filterByThese', { crmids_list: '17,14x18' }),
        launch('filterByRecordSetMap', { recordsetmapid: '5', recordsetmapid_display: 'Some' }),
      ],
      [set],
    );
    assertLines(
      converted,
      '<launch id="filterbycurrentrecord" label="filterByCurrentRecord" workflow="other"/>',
      `<set context="filterbythese_records" jsonata="['14x17', '14x18']" type="array"/>`,
      '<launch id="filterbythese" label="filterByThese" workflow="other" context="filterbythese_records"/>',
      '<launch id="filterbyrecordsetmap" label="filterByRecordSetMap" workflow="other" records="Some"/>',
    );
    assert.deepEqual(outcomes(converted), ['changed', 'changed', 'changed']);
  });

  it('is left out where its workflow or its records cannot be told', async () => {
    const converted = await run([
      launch('filterByCurrentRecord', { workflowid: '77', workflowid_display: 'Gone' }),
      launch('filterByThese', { crmids_list: '' }),
      launch('filterByRecordSetMap'),
      launch('filterByrelModuleAndConditionExpressionMap'),
      launch('filterByMoon'),
    ]);
    assert.deepEqual(new Set(outcomes(converted)), new Set(['dropped']));
  });
});

describe('Add Notification', () => {
  it('tells its owner, or whoever caused the run', async () => {
    const converted = await convertTasks([
      exportedTask('CBAddNotification', { summary: 'Look {here}', ownerid: '19x5' }),
      exportedTask('CBAddNotification', { summary: 'Later', ownerid: '', cbdate: '2025-01-01' }),
    ]);
    assertLines(
      converted,
      '<notify id="look-here" label="Look {here}" to="user:19x5" template="Look {{here}: {= record.id }"/>',
      '<notify id="later" label="Later" to="initiator" template="Later: {= record.id }"/>',
    );
  });
});

describe('Send Email', () => {
  const email = (more: Record<string, string> = {}): string =>
    exportedTask('VTEmailTask', {
      summary: 'Mail',
      executeImmediately: false,
      fromname: 'Sales',
      fromemail: 'sales@example.com',
      recepient: ',$email,$(contact_id : (Contacts) email)',
      emailcc: '',
      subject: 'Hello $lastname',
      content: '<p>Dear $lastname &amp; co</p>',
      ...more,
    });

  it('is a message with the templates as they are', async () => {
    const converted = await convertTasks([email({ attachmentids: '4,5' })]);
    assertLines(
      converted,
      '<from legacy-template="&quot;Sales&quot; &lt;sales@example.com&gt;"/>',
      '<to legacy-template=",$email,$(contact_id : (Contacts) email)"/>',
      '<subject legacy-template="Hello $lastname"/>',
      '<body html="true" legacy-template="&lt;p&gt;Dear $lastname &amp;amp; co&lt;/p&gt;"/>',
    );
    assert.ok(!converted.text.includes('<cc'));
    assert.deepEqual(outcomes(converted), ['partly']);
  });

  it('without anybody to send to, or with a text from elsewhere, is left out', async () => {
    const tasks = [email({ recepient: '' }), email({ linktemplate: '1', cbmsgtemplate: '77' })];
    assert.deepEqual(outcomes(await convertTasks(tasks)), ['dropped', 'dropped']);
  });
});

const ORDERS = nativeDocument(
  'module',
  'name="Orders" label="Orders" prefix="60" title="order_no"',
  '<field name="order_no" label="Number" type="string"/>',
);

describe('what is converted', () => {
  it('is not checked where no module is at hand, and checked with those that are', async () => {
    const exported = exportedWorkflow({ module: 'Orders', tasks: [callTask('a', 'ProductSyncCreate')] });
    assert.ok((await convert(exported)).diagnostics.some(({ code }) => code === 'MODULE_UNKNOWN'));
    const { diagnostics } = await convert(exported, [ORDERS]);
    assert.ok(diagnostics.every(({ code }) => code !== 'MODULE_UNKNOWN'));
  });
});
