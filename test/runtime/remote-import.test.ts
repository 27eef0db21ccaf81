import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasErrors } from '../../src/core/diagnostic.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { importMaps, importWorkflowDocuments } from '../../src/runtime/import/map-import.ts';
import { importModules } from '../../src/runtime/import/module-import.ts';
import type { RemoteClient } from '../../src/runtime/import/remote-client.ts';
import { RemoteRefusal } from '../../src/runtime/import/remote-exchange.ts';
import { readPage } from '../../src/runtime/import/remote-pages.ts';
import { readPeople } from '../../src/runtime/import/remote-people.ts';

/** An install that answers from tables, as coreBOS would. */
function installOf(params: {
  readonly modules?: Readonly<Record<string, JsonObject>>;
  readonly rows?: Readonly<Record<string, readonly JsonObject[]>>;
}): RemoteClient {
  const { modules = {}, rows = {} } = params;
  const call = async (operation: string, given: Readonly<Record<string, string>>): Promise<Json> => {
    if (operation === 'listtypes') {
      const types = [...Object.keys(modules), 'Users', 'Hidden'];
      const information = Object.fromEntries(types.map((name) => [name, { isEntity: name !== 'Users' }]));
      return { types, information };
    }
    const described = modules[given['elementType'] ?? ''];
    if (described === undefined) throw new RemoteRefusal('ACCESS_DENIED', 'no');
    return described;
  };
  const query = async (text: string): Promise<readonly JsonObject[]> => {
    const found = rows[/ from (\w+)/u.exec(text)?.[1] ?? ''];
    if (found === undefined) throw new RemoteRefusal('ACCESS_DENIED', 'no');
    return found;
  };
  return { url: 'https://crm.example.com/webservice.php', userId: '19x1', call, query, close: async () => undefined };
}

function moduleOf(name: string, idPrefix: string, fields: readonly JsonObject[] = []): JsonObject {
  const title = { name: 'title', label: 'Title', mandatory: true, editable: true, type: { name: 'string' } };
  return { name, label: name, idPrefix, labelFields: 'title', fields: [title, ...fields] };
}

function reference(name: string, ...refersTo: string[]): JsonObject {
  return { name, label: name, mandatory: false, editable: true, type: { name: 'reference', refersTo } };
}

describe('modules of a coreBOS', () => {
  const source = installOf({
    modules: {
      Invoice: moduleOf('Invoice', '23'),
      Assets: moduleOf('Assets', '19'),
      InventoryDetails: moduleOf('InventoryDetails', '37', [reference('related_to', 'Invoice', 'Quotes')]),
    },
  });

  it('come with the lines of those that have some', async () => {
    const { modules, notes } = await importModules(source, { modules: ['Invoice'], inForce: [] });
    assert.deepEqual(
      modules.map(({ module }) => [module.name, module.prefix]),
      [
        ['Invoice', '23'],
        ['InventoryDetails', '37'],
      ],
    );
    assert.ok(notes.some(({ of }) => of === 'InventoryDetails'));
    assert.deepEqual(modules[1]?.module.fields.find(({ name }) => name === 'related_to')?.references, ['Invoice']);
    const without = await importModules(source, { modules: ['Assets'], inForce: [] });
    assert.deepEqual(
      without.modules.map(({ module }) => module.name),
      ['Assets'],
    );
  });

  it('get another prefix where theirs is taken, and that is told', async () => {
    const others = { name: 'Bills', label: 'Bills', prefix: '23', title: 'x', fields: [] };
    const { modules } = await importModules(source, { modules: ['Invoice', 'Assets'], inForce: [others] });
    const prefixes = modules.map(({ module }) => module.prefix);
    assert.equal(new Set([...prefixes, '19', '20', '23']).size, prefixes.length + 3);
    assert.deepEqual(
      modules.slice(0, 2).map(({ notes }) => notes.length),
      [1, 1],
    );
  });

  it('are all those with records; one that is refused stops no other', async () => {
    const { modules, notes } = await importModules(source, { modules: 'all', inForce: [] });
    assert.deepEqual(
      modules.map(({ module }) => module.name),
      ['Invoice', 'Assets', 'InventoryDetails'],
    );
    assert.ok(notes.some(({ of }) => of === 'Hidden'));
    for (const wrong of ['Invoces', 'Users', 'cbMap']) {
      await assert.rejects(importModules(source, { modules: [wrong], inForce: [] }), { code: 'IMPORT_MODULE_UNKNOWN' });
    }
  });
});

const CONDITION = '<map><expression>1 + 1</expression></map>';

describe('maps of a coreBOS', () => {
  it('keep their names and texts, and are told apart by their types', async () => {
    const row = (mapname: string, maptype: string, content: string) => ({ id: '42x1', mapname, maptype, content });
    const source = installOf({
      rows: {
        cbMap: [
          row('Workday', 'Condition Expression', CONDITION),
          row('FS:Create', 'Condition Expression', CONDITION),
          row('../../etc/passwd', 'Condition Expression', CONDITION),
          row(
            'Encoded',
            'Condition Expression',
            "&lt;map&gt;&lt;expression&gt;'a' &amp;lt; 'b'&lt;/expression&gt;&lt;/map&gt;",
          ),
          row('Dependencies', 'FieldDependency', '<map><dependencies/></map>'),
          row('Broken', 'Mapping', '<map><'),
          row('Empty', 'Mapping', ' '),
        ],
        com_vtiger_workflow: [{ id: '43x1', summary: 'a workflow of coreBOS' }],
      },
    });
    const { maps, notes } = await importMaps(source);
    assert.deepEqual(
      maps.map(({ path }) => path),
      ['Workday.xml', 'fs-create.xml', 'etc-passwd.xml', 'Encoded.xml'],
    );
    assert.deepEqual(maps.map(({ text }) => text).slice(0, 2), [CONDITION, CONDITION]);
    assert.equal(maps[3]?.text, "<map><expression>'a' &lt; 'b'</expression></map>");
    const { diagnostics } = checkDocuments(maps.map(({ path, text }) => ({ file: path, text })));
    assert.equal(hasErrors(diagnostics), false, JSON.stringify(diagnostics));
    const told = notes.map(({ of }) => of);
    for (const name of ['FS:Create', 'Dependencies', 'Broken', 'Empty']) assert.ok(told.includes(name), name);
    const workflows = await importWorkflowDocuments(source);
    assert.deepEqual([workflows.maps.length, workflows.notes.length], [0, 1]);
    assert.deepEqual(await importWorkflowDocuments(installOf({})), { maps: [], notes: [] });
  });
});

describe('people of a coreBOS', () => {
  it('come with what they chose, as far as it exists here', async () => {
    const user = {
      id: '19x5',
      user_name: 'anna',
      first_name: 'Anna',
      is_admin: 'on',
      status: 'Inactive',
      date_format: 'dd-mm-yyyy',
      hour_format: 'am_pm',
      time_zone: 'Nowhere/Else',
      currency_grouping_separator: '&#039;',
      no_of_currency_decimals: '2',
    };
    const source = installOf({ rows: { Users: [user], Groups: [{ id: '20x3', groupname: 'Support Group' }] } });
    const { users, groups, notes } = await readPeople(source);
    assert.deepEqual([users[0]?.admin, users[0]?.active], [true, false]);
    const preferences = { dateFormat: 'dd-mm-yyyy', hourFormat: '12', groupingSeparator: "'", decimals: 2 };
    assert.deepEqual(users[0]?.preferences, preferences);
    assert.deepEqual(groups, [{ id: '20x3', name: 'Support Group', description: '', members: undefined }]);
    assert.deepEqual(
      notes.map(({ of }) => of),
      ['anna', 'Groups'],
    );
    const hidden = await readPeople(installOf({}));
    assert.deepEqual([hidden.users, hidden.groups, hidden.notes.length], [[], [], 2]);
  });
});

describe('pages of an install that does not look at conditions', () => {
  it('are not read for ever', async () => {
    const source = installOf({ rows: { Accounts: [{ id: '11x1' }, { id: '11x2' }] } });
    const page = { module: 'Accounts', where: '', limit: 2 };
    assert.equal((await readPage(source, { ...page, after: undefined })).length, 2);
    await assert.rejects(readPage(source, { ...page, after: '11x2' }), { code: 'IMPORT_ANSWER_INVALID' });
  });
});
