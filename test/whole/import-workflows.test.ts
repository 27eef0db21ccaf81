import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import { isFinal } from '../../src/core/run.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { callTask, exportedTask, exportedWorkflow, fieldMapping } from '../import/exported-task.ts';
import { mapwright, refused } from './command-here.ts';
import { serve, temporaryFolder } from './command-line.ts';
import { nativeDocument, publishedSync } from './documents.ts';
import { TestInstall } from './install-fixture.ts';
import { PeerInstall } from './peer-install.ts';
import { until } from './poll.ts';
import { ServiceClient } from './webservice-client.ts';

const IS_BOLT = JSON.stringify([
  {
    fieldname: 'productname',
    operation: 'starts with',
    value: 'Bolt',
    valuetype: 'rawtext',
    joincondition: 'and',
    groupid: '0',
  },
]);

/** Was active once. */
const OVER = exportedWorkflow({
  title: 'Over',
  execution: 3,
  tasks: [callTask('Create', 'ProductSyncCreate')],
  more: { wfendon: '2021-01-01 00:00:00' },
});

/** The sync of products as an install of coreBOS has it. */
const SYNC = [
  exportedWorkflow({
    title: 'Send new products',
    conditions: IS_BOLT,
    more: { wfstarton: '2020-01-01 00:00:00' },
    tasks: [
      callTask('Challenge', 'coreBOSSyncChallenge', { executionorder: 1 }),
      callTask('Login', 'coreBOSSyncLogin', { executionorder: 2 }),
      callTask('Create', 'ProductSyncCreate', { executionorder: 3 }),
      callTask('Logout', 'coreBOSSyncLogout', { executionorder: 4 }),
      exportedTask('VTSMSTask', { summary: 'Text message', executionorder: 5 }),
    ],
  }),
];

interface Imported {
  readonly folder: string;
  readonly documents: SourceFile[];
}

/** Imports an export beside these documents with the real command, and gives all documents of the folder. */
async function importInto(
  t: TestContext,
  exported: readonly JsonObject[],
  beside: readonly SourceFile[],
): Promise<Imported> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'documents'));
  for (const { file, text } of beside) await writeFile(join(folder, 'documents', file), text);
  await writeFile(join(folder, 'workflows.json'), JSON.stringify(exported));
  const { exitCode, output, errors } = await mapwright(['import-workflows', 'workflows.json'], { cwd: folder });
  assert.equal(exitCode, 0, output + errors);
  const names = (await readdir(join(folder, 'documents', 'workflows'))).toSorted();
  const read = (file: string): Promise<string> => readFile(join(folder, 'documents', 'workflows', file), 'utf8');
  return {
    folder,
    documents: [...beside, ...(await Promise.all(names.map(async (file) => ({ file, text: await read(file) }))))],
  };
}

const SESSION = `<field><fieldname>sessionName</fieldname><Orgfields><Orgfield>
  <OrgfieldName>getFromContext('cb_sessionid')</OrgfieldName><OrgfieldID>expression</OrgfieldID>
  </Orgfield></Orgfields></field></fields>`;

/** The published maps, of which the logout says whose session it ends. */
async function syncDocuments(peer: { readonly url: string; readonly key: string }): Promise<SourceFile[]> {
  const documents = (await publishedSync(peer)).filter(({ file }) => !file.startsWith('product-'));
  return documents.map(({ file, text }) => ({
    file,
    text: file === 'coreBOSSyncLogout.xml' ? text.replace('</fields>', SESSION) : text,
  }));
}

describe('workflows imported from coreBOS', () => {
  it('send a saved product to a second install: challenge, login, create, logout', async (t) => {
    const peer = await PeerInstall.open(t);
    const { documents } = await importInto(t, [...SYNC, OVER], await syncDocuments(peer));
    const a = await TestInstall.open(t, { documents });
    await a.create({ productname: 'Nut M8' });
    const { id } = await a.create({ productname: 'Bolt M8', serial_no: 'SN-1' });
    // On a busy machine a condition may be left open at the save: its run is canceled as soon as it is judged.
    const decided = async () => (await a.runs()).filter(({ status }) => status !== 'canceled');
    const run = await until('the run ends', async () => (await decided()).find(({ status }) => isFinal(status)));
    assert.deepEqual([run.workflow, run.status], ['send-new-products', 'completed'], JSON.stringify(run.failure));
    assert.deepEqual(
      (await a.steps(run.id)).map(({ task, purpose, status }) => `${task} ${purpose} ${status}`),
      ['challenge main done', 'login main done', 'create main done', 'logout cleanup done'],
    );
    const [there] = await peer.products();
    assert.deepEqual([there?.values['productname'], there?.values['serial_no']], ['Bolt M8', 'SN-1']);
    assert.equal((await a.values(id))['description'], there?.id);
    await until('no other run is left open', async () => ((await decided()).length === 1 ? true : undefined));
    assert.equal(await peer.openSessions(), 0);
  });

  it('do without calls what they did there: expressions, upsert, related record, new record, launch', async (t) => {
    const { documents } = await importInto(t, [...CRM], [CONTACTS, PRODUCTS, RULE]);
    const a = await TestInstall.open(t, { documents });
    const product = await a.create({ productname: 'Bolt' });
    await a.create({ lastname: 'Old name', email: 'b@example.com' }, 'Contacts');
    const { id } = await a.create({ lastname: 'Berg', product_id: product.id, phone: '1' }, 'Contacts');
    const told = (await a.allEnded(3)).map(
      ({ workflow, status, failure }) => `${workflow} ${status} ${failure?.message ?? ''}`,
    );
    assert.deepEqual(told.toSorted(), ['mark completed ', 'take-over completed ', 'take-over-products completed ']);
    const all = await a.install.crm.query('select * from Contacts order by id;');
    const shown = all.records.map(
      ({ values }) => `${String(values['lastname'])} ${String(values['email'] ?? '')} ${String(values['phone'] ?? '')}`,
    );
    assert.deepEqual(shown, ['New name b@example.com ', 'Berg  Berg', 'Third c@example.com ', 'Copy of Berg  ']);
    assert.equal((await a.values(product.id))['serial_no'], 'of Berg');
    const copy = all.records.find(({ values }) => values['lastname'] === 'Copy of Berg');
    assert.equal(copy?.values['contact_id'], id);
  });
});

describe('a scheduled workflow imported from coreBOS', () => {
  it('runs by the clock on the records that its conditions find', async (t) => {
    const tasks = [
      exportedTask('VTUpdateFieldsTask', {
        summary: 'Set',
        field_value_mapping: fieldMapping(['serial_no', 'rawtext', 'seen']),
      }),
    ];
    const more = { schtypeid: 2, schtime: '08:00' };
    const nightly = exportedWorkflow({ title: 'Nightly', execution: 6, conditions: IS_BOLT, tasks, more });
    const { documents } = await importInto(t, [nightly], [PRODUCTS]);
    const clock = { at: Date.UTC(2026, 10, 22, 12), now: () => clock.at };
    const a = await TestInstall.open(t, { documents, clock });
    await a.install.scheduler.tick();
    const created = [];
    for (const productname of ['Bolt M8', 'Nut M8', 'Bolt M10']) created.push(await a.create({ productname }));
    clock.at += 24 * 3_600_000;
    await a.install.scheduler.tick();
    await a.allEnded(2);
    const seen = await Promise.all(created.map(async ({ id }) => (await a.values(id))['serial_no'] ?? null));
    assert.deepEqual(seen, ['seen', null, 'seen']);
  });
});

const PRODUCTS = nativeDocument(
  'module',
  'name="Products" label="Products" prefix="14" title="productname"',
  '<field name="productname" label="Name" type="string"/><field name="serial_no" label="Number" type="string"/>',
);
const CONTACTS = nativeDocument(
  'module',
  'name="Contacts" label="Contacts" prefix="12" title="lastname"',
  `<field name="lastname" label="Name" type="string"/>
   <field name="email" label="E-mail" type="email"/>
   <field name="phone" label="Phone" type="string"/>
   <field name="product_id" label="Product" type="reference" references="Products"/>
   <field name="contact_id" label="Contact" type="reference" references="Contacts"/>`,
);
const RULE = {
  file: 'FindContact.xml',
  text: `<map><module>Contacts</module><fields>id</fields><conditions>[{"fieldname":"email","operation":"is",
    "value":"$[email]","valuetype":"rawtext","joincondition":"and","groupid":"0"}]</conditions><return>id</return></map>`,
};
const ROWS = JSON.stringify([
  { name: 'New name', mail: 'b@example.com' },
  { name: 'Third', mail: 'c@example.com' },
]);
const IS_BERG = JSON.stringify([
  { fieldname: 'lastname', operation: 'is', value: 'Berg', valuetype: 'rawtext', joincondition: 'and', groupid: '0' },
]);

const CRM = [
  {
    workflow_id: 1,
    ...exportedWorkflow({
      title: 'Take over',
      module: 'Contacts',
      execution: 3,
      conditions: IS_BERG,
      tasks: [
        exportedTask('wfExecExpression', {
          summary: 'Rows',
          wfexeexps: JSON.stringify([
            { exp: ROWS, typ: 'rawtext', var: 'upsert_data' },
            { exp: "setToContext('said', lastname)", typ: 'expression', var: '' },
          ]),
        }),
        exportedTask('CBUpsertTask', {
          summary: 'Upsert',
          upsert_module: 'Contacts',
          bmapid: '5',
          bmapid_display: 'FindContact',
          field_value_mapping: fieldMapping(
            ['lastname', 'expression', "getFromContext('current_upsert_row.name')"],
            ['email', 'expression', "getFromContext('current_upsert_row.mail')"],
          ),
        }),
        exportedTask('VTUpdateFieldsTask', {
          summary: 'Set',
          field_value_mapping: fieldMapping(
            ['phone', 'expression', "getFromContext('said')"],
            ['product_id', 'expression', "concat('of ', lastname)", { fldmodule: 'Products', fldrelname: 'serial_no' }],
          ),
        }),
        exportedTask('VTCreateEntityTask', {
          summary: 'Copy',
          entity_type: 'Contacts',
          reference_field: 'contact_id',
          field_value_mapping: fieldMapping([
            'lastname',
            'expression',
            "concat('Copy of ', lastname)",
            { modulename: 'Contacts' },
          ]),
        }),
        exportedTask('CBLaunchWorkFlowTask', {
          summary: 'Mark',
          workflowid: '2',
          workflowid_display: 'Mark',
          record_filter_opt: 'filterByCurrentRecord',
        }),
      ],
    }),
  },
  {
    workflow_id: 2,
    ...exportedWorkflow({
      title: 'Mark',
      module: 'Contacts',
      execution: 7,
      tasks: [
        exportedTask('VTUpdateFieldsTask', {
          summary: 'Mark',
          field_value_mapping: fieldMapping(['phone', 'expression', 'lastname']),
        }),
      ],
    }),
  },
];

describe('mapwright import-workflows', () => {
  it('tells what it would write, writes it, and does nothing twice', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'workflows.json'), JSON.stringify(SYNC));
    const give = async (...words: readonly string[]): Promise<{ exitCode: number | null; facts: JsonObject }> => {
      const { exitCode, output } = await mapwright(['import-workflows', 'workflows.json', '--json', ...words], {
        cwd: folder,
      });
      return { exitCode, facts: JSON.parse(output) as JsonObject };
    };
    const filesOf = ({ facts }: { facts: JsonObject }): unknown => facts['files'];
    const file = 'workflows/send-new-products.xml';
    assert.deepEqual(filesOf(await give('--dry-run')), [{ path: file, outcome: 'written' }]);
    await assert.rejects(readFile(join(folder, 'documents', file)));
    assert.deepEqual(filesOf(await give()), [{ path: file, outcome: 'written' }]);
    const text = await readFile(join(folder, 'documents', file), 'utf8');
    assert.deepEqual(filesOf(await give()), [{ path: file, outcome: 'unchanged' }]);
    await writeFile(join(folder, 'documents', file), `${text}<!-- mine -->`);
    const differs = await give();
    assert.deepEqual([differs.exitCode, filesOf(differs)], [1, [{ path: file, outcome: 'differs' }]]);
    assert.equal(await readFile(join(folder, 'documents', file), 'utf8'), `${text}<!-- mine -->`);
    const replaced = await give('--overwrite');
    assert.deepEqual([replaced.exitCode, filesOf(replaced)], [0, [{ path: file, outcome: 'replaced' }]]);
    assert.equal(await readFile(join(folder, 'documents', file), 'utf8'), text);
    assert.equal((await give('--strict')).exitCode, 1);
  });

  it("takes another Mapwright's workflows, and the names of its maps, from its address", async (t) => {
    const there = await temporaryFolder(t);
    const documents = await importInto(t, SYNC, await syncDocuments({ url: 'http://127.0.0.1:9', key: 'ACCESS-KEY' }));
    const server = await serve(t, join(there, 'data'));
    const applied = await mapwright(['apply', 'documents', '--dir', join(there, 'data')], { cwd: documents.folder });
    assert.equal(applied.exitCode, 0, applied.output + applied.errors);
    const here = await temporaryFolder(t);
    const options = {
      cwd: here,
      env: { MAPWRIGHT_DIR: join(here, 'data'), MAPWRIGHT_IMPORT_KEY: server.accessKey ?? '' },
    };
    await mapwright(['setting', 'set', 'egress.allow', '127.0.0.1:*'], options);
    const taken = await mapwright(['import-workflows', server.url, '--user', 'admin'], options);
    assert.equal(taken.exitCode, 0, taken.output + taken.errors);
    const file = 'documents/workflows/send-new-products.xml';
    assert.equal(await readFile(join(here, file), 'utf8'), await readFile(join(documents.folder, file), 'utf8'));
    const client = new ServiceClient(server.url);
    await client.logIn('admin', server.accessKey ?? '');
    const { result } = await client.call('query', {
      query: "select id from cbMap where mapname = 'coreBOSSyncLogin';",
    });
    const [map] = Array.isArray(result) ? result : [];
    const bmapid = isJsonObject(map) ? String(map['id']) : assert.fail('the map is not there');
    const one = exportedWorkflow({ title: 'One', tasks: [callTask('a', 'Old name', { bmapid })] });
    await writeFile(join(here, 'one.json'), JSON.stringify(one));
    const named = await mapwright(['import-workflows', 'one.json', '--maps', server.url, '--user', 'admin'], options);
    assert.equal(named.exitCode, 0, named.output + named.errors);
    assert.match(await readFile(join(here, 'documents/workflows/one.xml'), 'utf8'), /map="coreBOSSyncLogin"/u);
  });

  it('says what is wrong with what it is given', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'other.json'), '{"rows": []}');
    await writeFile(join(folder, 'broken.json'), '[{');
    await writeFile(join(folder, 'maps.json'), '[]');
    await writeFile(join(folder, 'workflows.json'), JSON.stringify(SYNC));
    await refused('IMPORT_EXPORT_UNKNOWN', ['import-workflows', 'other.json'], { cwd: folder });
    await refused('CLI_JSON_INVALID', ['import-workflows', 'broken.json'], { cwd: folder });
    await refused('CLI_FILE_MISSING', ['import-workflows', 'nowhere.json'], { cwd: folder });
    await refused('IMPORT_MAPS_UNKNOWN', ['import-workflows', 'workflows.json', '--maps', 'maps.json'], {
      cwd: folder,
    });
    await refused('CLI_USAGE', ['import-workflows'], { cwd: folder });
  });
});
