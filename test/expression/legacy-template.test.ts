import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import type { LegacyFieldType, LegacyModule, LegacyRow, LegacyUser } from '../../src/expression/legacy/services.ts';
import { showReferred } from '../../src/expression/legacy/template/shown-value.ts';
import { compileLegacyTemplate, type LegacyTemplate } from '../../src/expression/legacy/template/template.ts';
import { ADMIN, memoryEnvironment, memoryServices, PREFERENCES } from '../../tools/conformance/memory-world.ts';

const FIELDS: JsonObject = {
  name: 'Bolt "M8" & Söhne',
  zero: '0',
  blank: '',
  amount: '3045164.000000',
  day: '2025-03-10',
  stamp: '2025-03-14 09:00:00',
  ticked: '1',
  parent: '11x746',
  gone: '11x747',
  assigned_user_id: '19x10',
  team: '20x3',
};
const TYPES: Readonly<Record<string, LegacyFieldType>> = {
  amount: 'currency',
  day: 'date',
  stamp: 'datetime',
  ticked: 'boolean',
  parent: 'reference',
  assigned_user_id: 'owner',
};
const GERMAN = {
  ...PREFERENCES,
  dateFormat: 'dd-mm-yyyy',
  timeZone: 'Europe/Berlin',
  decimalSeparator: ',',
  groupingSeparator: '.',
} as const;

function user(id: string, name: string, preferences: LegacyUser['preferences']): LegacyUser {
  return { ...ADMIN, id, name, preferences, fields: { user_name: name, email1: `${name}@example.com` } };
}

const ACCOUNTS: LegacyModule = {
  name: 'Accounts',
  prefix: '11',
  title: 'accountname',
  fields: new Map(
    (['revenue:currency', 'since:date', 'holding:reference', 'accountname:text'] as const).map((written) => {
      const [name = '', type = 'text'] = written.split(':');
      return [name, { name, label: name, type: type as LegacyFieldType, targets: [] }];
    }),
  ),
};
const ROW: LegacyRow = {
  id: '11x746',
  module: 'Accounts',
  fields: { accountname: 'Rowley', revenue: '4969781.5', since: '2020-12-31', holding: '11x9' },
};

const SERVICES = memoryServices({
  modules: [ACCOUNTS],
  rows: [ROW],
  users: [user('19x10', 'anna', GERMAN), user('19x11', 'bo', PREFERENCES)],
  groups: { 'Key Sales': { id: '20x3', members: ['19x10', '19x11'] } },
  settings: {
    portal_url: 'https://portal.example',
    HelpDesk_Support_Name: 'Help',
    HelpDesk_Support_EMail: 'h@example.com',
  },
  install: { siteUrl: 'https://crm.example' },
});

function environment(record: JsonObject = FIELDS) {
  const view = { recordId: '14x74', module: 'Products', record, fieldTypes: TYPES, context: { token: 'T1' } };
  return memoryEnvironment(view, SERVICES);
}

function compile(text: string, keepVariables = false): LegacyTemplate {
  const result = compileLegacyTemplate(text, { keepVariables });
  assert.ok(result.ok, result.ok ? '' : `${text}: ${result.problem.message}`);
  return result.value;
}

const META = (name: string): string => `$(general : (__VtigerMeta__) ${name})`;
const CALL = (expression: string): string => `$(general : (__WorkflowFunction__) ${expression} )`;

const CASES: readonly (readonly [string, string])[] = [
  ['', ''],
  ['no variables', 'no variables'],
  ['$name', 'Bolt "M8" & Söhne'],
  ['[$zero] [$blank] [$missing]', '[0] [] []'],
  ['$zero$zero', '00'],
  ['costs $100, or $5k', 'costs $100, or $5k'],
  ['$', '$'],
  ['$ name $$', '$ name $$'],
  ['$name.x', 'Bolt "M8" & Söhne.x'],
  ['($name)', '(Bolt "M8" & Söhne)'],
  ['$names', ''],
  ['$recordid $record_id $record_module $id', '74 74 Products 14x74'],
  // As the person sees them to whom the record is assigned.
  ['$amount', '3.045.164,00'],
  ['$day', '10-03-2025'],
  ['$stamp', '14-03-2025 10:00:00'],
  ['$ticked', '1'],
  ['$parent $assigned_user_id', '11x746 19x10'],
  ['$(parent : (Accounts) accountname)', 'Rowley'],
  ['$(parent : (Accounts) since)', '31-12-2020'],
  ['$(parent : (Accounts) revenue)', '4.969.781,50'],
  ['$(parent : (Accounts) holding)', '9'],
  ['$(parent : (Accounts) record_id) $(parent : (Accounts) record_module)', '746 Accounts'],
  ['[$(parent : (Contacts) lastname)]', '[]'],
  ['[$(parent : (Accounts) missing)]', '[]'],
  ['[$(gone : (Accounts) accountname)]', '[]'],
  ['[$(blank : (Accounts) accountname)]', '[]'],
  ['$(assigned_user_id : (Users) email1)', 'anna@example.com'],
  ['$(team : (Users) email1)', 'anna@example.com,bo@example.com'],
  // Only with these blanks.
  ['$(parent:(Accounts) accountname)', '$(parent:(Accounts) accountname)'],
  [`${CALL('uppercase(blank)')}`, ''],
  [`${CALL("concat('a',zero)")} b`, 'a0b'],
  [`${CALL("concat('a',zero)")}|b`, 'a0b'],
  [`${CALL("concat('a',zero)")}b`, 'a0b'],
  [`${CALL("concat('a',zero)")}\nb`, 'a0\nb'],
  [`<b>${CALL("concat('(', uppercase('x)') )")}</b>`, '<b>(X)/b>'],
  [`${CALL("getFromContext('token')")}.${CALL('1+1')}`, 'T12'],
  [`${CALL("'it\\'s'")};`, "it's"],
  [META('date'), '2025-03-14'],
  [META('time'), '10:20:30'],
  [META('dbtimezone'), 'UTC'],
  [META('siteurl'), 'https://crm.example'],
  [META('portalurl'), 'https://portal.example'],
  [META('crmdetailviewurl'), 'https://crm.example/index.php?action=DetailView&module=Products&record=74'],
  [
    META('portaldetailviewurl'),
    'https://portal.example/index.php?module=Products&action=index&productid=74&status=true',
  ],
  [META('recordId'), '74'],
  [META('logo'), '<img src="cid:logo" />'],
  [`${META('supportName')} ${META('supportEmailId')}`, 'Help h@example.com'],
  [META('groupEmailList_Key_Sales'), 'anna@example.com,bo@example.com'],
  [META('groupUsersWsIdList_Key Sales'), '19x10,19x11'],
  [META('groupEmailList_Nobody'), ''],
  [META('comments_3d_l_creator'), ''],
  [META('nosuch'), ''],
  ['Çname', 'Bolt "M8" & Söhne'],
  ['[Çname.first]', '[]'],
];

for (const [text, expected] of CASES) {
  test(JSON.stringify(text), async () => assert.equal(await compile(text).render(environment()), expected));
}

/** Over values that are no record. */
const ON_DATA: readonly (readonly [string, string])[] = [
  ['$title $nr', 'Row 7'],
  ['Çcustomer.id/Çlines.1.sku.', '5/B.'],
  ['$(parent : (Accounts) accountname)', 'Rowley'],
  [META('recordId'), '0'],
  ['$recordid', ''],
  [`${CALL('uppercase(title)')}!`, 'ROW'],
  ['$flag$list', '1Array'],
];
const DATA: JsonObject = {
  title: 'Row',
  nr: 7,
  flag: true,
  list: [1],
  parent: '746',
  customer: { id: 5 },
  lines: [{ sku: 'A' }, { sku: 'B' }],
};

for (const [text, expected] of ON_DATA) {
  test(`on data: ${text}`, async () => {
    assert.equal(await compile(text).render(environment(), { data: DATA }), expected);
  });
}

test('variables that are not known are kept when that is wished, known empty ones are not', async () => {
  const text = '[$missing] [$blank] [$(parent : (Contacts) x)] [Ça.b] [$zero]';
  const expected = '[$missing] [] [$(parent : (Contacts) x)] [Ça.b] [0]';
  assert.equal(await compile(text, true).render(environment()), expected);
});

test('without an owner the values are shown as to whoever runs it, with a group as to its first member', async () => {
  const { assigned_user_id: _owner, ...nobody } = FIELDS;
  assert.equal(await compile('$amount').render(environment(nobody)), '3,045,164.00');
  assert.equal(await compile('$amount').render(environment({ ...FIELDS, assigned_user_id: '20x3' })), '3.045.164,00');
});

test('numbers behind a reference stay as they are stored where they are computed with', async () => {
  const at = { reference: 'parent', module: 'Accounts' };
  assert.equal(await showReferred(environment(), { ...at, field: 'revenue' }, 'stored'), '4969781.5');
  assert.equal(await showReferred(environment(), { ...at, field: 'since' }, 'stored'), '31-12-2020');
});

/** A template, the code of its problem, and where. */
const PROBLEMS: readonly (readonly [string, string, string])[] = [
  ['a $(general : (__WorkflowFunction__) uppercase(name', 'TEMPLATE_SYNTAX', '$(general'],
  [`a ${CALL('uppercase(name')}`, 'TEMPLATE_SYNTAX', '$(general'],
  [`a ${CALL('nosuch(name)')}`, 'EXPRESSION_UNKNOWN_FUNCTION', 'nosuch'],
  [`a ${CALL('1 +')}`, 'EXPRESSION_SYNTAX', ''],
];

for (const [text, code, pointed] of PROBLEMS) {
  test(`${code}: ${text}`, () => {
    const result = compileLegacyTemplate(text);
    assert.ok(!result.ok);
    assert.equal(result.problem.code, code);
    assert.ok(text.slice(result.problem.offset).startsWith(pointed), text.slice(result.problem.offset));
  });
}

const WARNINGS: readonly (readonly [string, string, string])[] = [
  [
    META('RelatedList_Accounts_html_accountname bmap_12'),
    'TEMPLATE_META_EMPTY',
    'RelatedList_Accounts_html_accountname bmap_12',
  ],
  [META('scanQRCode->name'), 'TEMPLATE_META_EMPTY', 'scanQRCode->name'],
  [META('sitelurl'), 'TEMPLATE_META_UNKNOWN', 'sitelurl'],
  ['x $(parent: (Accounts) accountname) y', 'TEMPLATE_NOT_REPLACED', '$(parent: (Accounts) accountname'],
  [`x ${CALL('10-5-2')}`, 'EXPRESSION_RIGHT_ASSOCIATIVE', '-'],
];

for (const [text, code, pointed] of WARNINGS) {
  test(`warns with ${code} of ${text}`, () => {
    const result = compileLegacyTemplate(text);
    assert.ok(result.ok);
    const told = result.warnings.map((one) => [one.code, text.slice(one.offset, one.offset + one.length)]);
    assert.deepEqual(told, [[code, pointed]]);
  });
}

test('the names that a template uses', () => {
  const text = `$name $100 $recordid $(parent : (Accounts) since) ${CALL('uppercase(day)')}`;
  const used = compile(text).references.map(({ path, offset, length }) => [path, text.slice(offset, offset + length)]);
  assert.deepEqual(used, [
    [['name'], '$name'],
    [['parent', 'since'], '$(parent : (Accounts) since)'],
    [['day'], 'day'],
  ]);
});

test('a text that gets too long is refused', async () => {
  const long = { ...FIELDS, name: 'x'.repeat(1024 * 1024) };
  const rendered = compile('$name'.repeat(17)).render(environment(long));
  await assert.rejects(rendered, { code: 'EXPRESSION_TOO_LARGE' });
  const result = compileLegacyTemplate('x'.repeat(1024 * 1024 + 1));
  assert.equal(result.ok ? '' : result.problem.code, 'EXPRESSION_TOO_LARGE');
});
