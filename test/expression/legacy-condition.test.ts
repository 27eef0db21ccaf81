import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import type { LegacyCondition } from '../../src/expression/legacy/condition.ts';
import {
  compileConditionText,
  compileLegacyConditions,
  legacyConditionsHold,
} from '../../src/expression/legacy/condition/compile-conditions.ts';
import type { LegacyConditionView } from '../../src/expression/legacy/condition/condition-view.ts';
import { LEGACY_OPERATION_NAMES } from '../../src/expression/legacy/condition/operations.ts';
import type { LegacyFieldType, LegacyRow } from '../../src/expression/legacy/services.ts';
import { memoryEnvironment, memoryServices } from '../../tools/conformance/memory-world.ts';

const FIELDS: JsonObject = {
  name: 'Bolt M8',
  qty: '131',
  zero: '0',
  blank: '',
  off: '',
  hours: '8:30',
  colours: 'Red |##| Deep Blue',
  parent: '11x746',
  owner: '20x3',
  born: '1990-03-14',
  birthday: '1990-03-14',
  day: '2025-03-10',
  today: '2025-03-14',
  soon: '2025-03-20',
  stamp: '2025-03-14 09:00:00',
  utc: '2025-03-14T12:00:00Z',
  other: 'Bolt M8',
};
const TYPES: Readonly<Record<string, LegacyFieldType>> = {
  qty: 'integer',
  off: 'boolean',
  colours: 'multipicklist',
  parent: 'reference',
  owner: 'owner',
  day: 'date',
  stamp: 'datetime',
};
const PREVIOUS: JsonObject = { ...FIELDS, name: 'Bolt M6', qty: '131.0', zero: '' };
const ROWS: readonly LegacyRow[] = [
  {
    id: '11x746',
    module: 'Accounts',
    fields: { accountname: 'Rowley', rating: 'Bolt M8', size: '9:00', parent: '11x9' },
  },
  { id: '11x9', module: 'Accounts', fields: { accountname: 'Holding' } },
];
const SIBLINGS = ['14x9', '14x74', '14x30'].map((id): LegacyRow => ({
  id,
  module: 'Products',
  fields: FIELDS as Record<string, string>,
}));

const SERVICES = memoryServices({
  rows: [...ROWS, ...SIBLINGS],
  displayNames: { '11x746': 'Rowley' },
  find: ({ equal = {} }) =>
    SIBLINGS.filter((row) => Object.entries(equal).every(([name, value]) => row.fields[name] === value)),
});

function view(change: Partial<LegacyConditionView> = {}): LegacyConditionView {
  const environment = memoryEnvironment(
    { recordId: '14x74', module: 'Products', record: FIELDS, fieldTypes: TYPES, context: { factor: 2 } },
    SERVICES,
  );
  return { environment, previous: PREVIOUS, ...change };
}

function one(fieldname: string, operation: string, value: string | null = '', more: Partial<LegacyCondition> = {}) {
  return { fieldname, operation, value, valuetype: 'rawtext', ...more } as const satisfies LegacyCondition;
}

const holds = (conditions: readonly LegacyCondition[], change?: Partial<LegacyConditionView>) =>
  legacyConditionsHold(conditions, view(change));

/** Field, operation, value, whether it holds. */
const CASES: readonly (readonly [string, string, string | null, boolean])[] = [
  ['qty', 'equal to', '131.0', true],
  ['qty', 'equal to', ' 131 ', true],
  ['qty', 'does not equal', '131', false],
  ['name', 'equal to', 'bolt m8', false],
  ['missing', 'equal to', '', true],
  ['missing', 'equal to', null, true],
  ['missing', 'equal to', '0', false],
  ['zero', 'equal to', '', false],
  ['qty', 'less than', '1000', true],
  ['qty', 'greater than', '99', true],
  ['qty', 'less than or equal to', '131', true],
  ['qty', 'greater than or equal to', '131.5', false],
  // Hours are compared as times.
  ['hours', 'less than', '10:00', true],
  ['hours', 'greater than', '8:29:59', true],
  ['hours', 'greater than', '8:30', false],
  ['hours', 'less than', '30601', true],
  ['name', 'is', 'Bolt M8', true],
  ['name', 'is', '  Bolt M8 ', true],
  ['name', 'is not', 'Bolt M8', false],
  ['other', 'is', '&#66;olt M8', true],
  ['off', 'is', 'false:boolean', true],
  ['off', 'is', 'true:boolean', false],
  ['off', 'is not', 'true:boolean', true],
  ['colours', 'is', 'Deep Blue', true],
  ['colours', 'is', 'Blue', false],
  ['colours', 'is not', 'Red', false],
  ['colours', 'contains', 'Blue', true],
  ['parent', 'is', '746', true],
  ['parent', 'is', '11x746', true],
  ['parent', 'is not', '746', false],
  ['parent', 'is', '747', false],
  ['owner', 'is', '3', true],
  ['name', 'contains', 'olt', true],
  ['name', 'contains', 'OLT', false],
  ['name', 'contains', '', true],
  ['name', 'does not contain', 'olt', false],
  ['name', 'starts with', 'Bolt', true],
  ['name', 'ends with', 'M8', true],
  ['name', 'does not start with', 'Bolt', false],
  ['name', 'does not start with', 'B', false],
  ['name', 'does not start with', 'Nut', true],
  ['name', 'does not end with', 'M8', false],
  ['name', 'does not end with', 'M6', true],
  ['blank', 'does not start with', 'x', true],
  ['name', 'matches', '/^bolt/', false],
  ['name', 'matches', '/^bolt/i', true],
  ['name', 'matches', '#m\\d$#i', true],
  ['name', 'matches', '{^Bolt (M8|M6)$}', true],
  ['name', 'matches', 'Bolt', false],
  ['name', 'matches', '/Bolt', false],
  ['name', 'matches', '/[/', false],
  ['name', 'matches', '', false],
  ['blank', 'is empty', '', true],
  ['zero', 'is empty', '', true],
  ['missing', 'is empty', 'x', true],
  ['name', 'is empty', '', false],
  ['zero', 'is not empty', '', false],
  ['qty', 'is not empty', '', true],
  ['day', 'before', '2025-03-11', true],
  ['day', 'before', '2025-03-10', false],
  ['day', 'after', '2025-03-09', true],
  ['blank', 'before', '2025-03-11', false],
  ['blank', 'after', '', false],
  ['day', 'between', '2025-03-09,2025-03-11', true],
  ['day', 'between', '2025-03-10,2025-03-11', false],
  ['day', 'between', ' 2025-03-09 , 2025-03-11 ', true],
  ['qty', 'between', '99,1000', true],
  ['day', 'between', '2025-03-09', false],
  ['blank', 'between', ',x', false],
  ['today', 'is today', '', true],
  ['day', 'is today', '', false],
  ['stamp', 'is today', '', true],
  ['utc', 'is today', '', true],
  ['blank', 'is today', '', false],
  ['birthday', 'is today', '', true],
  ['born', 'is today', '', false],
  ['born', 'monthday', '2020-03-14', true],
  ['born', 'monthday', '2020-03-15', false],
  ['blank', 'monthday', '', false],
  // Today is the 14th.
  ['day', 'less than days ago', '4', true],
  ['day', 'less than days ago', '3', false],
  ['today', 'less than days ago', '3', true],
  ['soon', 'less than days ago', '30', false],
  ['day', 'more than days ago', '4', true],
  ['day', 'more than days ago', '5', false],
  ['blank', 'more than days ago', '1', false],
  ['soon', 'in less than', '6', true],
  ['soon', 'in less than', '5', false],
  ['day', 'in less than', '5', false],
  ['soon', 'in more than', '6', true],
  ['soon', 'in more than', '7', false],
  ['day', 'days ago', '4', true],
  ['day', 'days ago', '5', false],
  ['soon', 'days later', '6', true],
  ['soon', 'days later', 'six', false],
  ['name', 'days later', '6', false],
  // It is 10:20:30.
  ['stamp', 'less than hours before', '2', true],
  ['stamp', 'less than hours before', '1', false],
  ['stamp', 'more than hours before', '1', true],
  ['stamp', 'more than hours before', '2', false],
  ['utc', 'less than hours later', '2', true],
  ['utc', 'less than hours later', '1', false],
  ['utc', 'more than hours later', '1', true],
  ['stamp', 'less than hours later', '9', false],
  ['blank', 'more than hours before', '1', false],
  ['name', 'has changed', '', true],
  ['qty', 'has changed', '', false],
  ['zero', 'has changed', '', false],
  ['name', 'has changed to', 'Bolt M8', true],
  ['name', 'has changed to', 'Bolt', false],
  ['qty', 'has changed to', '131', false],
  ['name', 'was', 'Bolt M6', true],
  ['qty', 'was', '131', true],
  ['name', 'exists', 'Bolt M8', true],
  ['name', 'exists', '', true],
  ['name', 'exists', 'Nut', false],
  // Of 9, 30 and 74 it is the third.
  ['parent', 'has this as nth child', '3', true],
  ['parent', 'has this as nth child', '2', false],
  ['blank', 'has this as nth child', '1', false],
  ['parent : (Accounts) accountname', 'is', 'Rowley', true],
  ['$(parent : (Accounts) accountname) ', 'starts with', 'Row', true],
  ['parent : (Accounts) size', 'less than', '10:00', true],
  ['parent : (Accounts) missing', 'is empty', '', true],
  ['parent : (Accounts) accountname', 'has changed', '', false],
  // A reference that leads nowhere is empty, and nothing else holds of it.
  ['parent : (Contacts) lastname', 'is empty', '', true],
  ['parent : (Contacts) lastname', 'is', '', true],
  ['parent : (Contacts) lastname', 'is', 'x', false],
  ['parent : (Contacts) lastname', 'is not', 'x', false],
  ['parent : (Contacts) lastname', 'equal to', '', false],
  ['blank : (Accounts) accountname', 'is empty', '', true],
  ['missing : (Accounts) accountname', 'does not contain', 'x', false],
  ['name', '', 'Bolt M8', false],
];

for (const [field, operation, value, expected] of CASES) {
  test(`${field} ${operation} ${JSON.stringify(value)} is ${expected}`, async () => {
    assert.equal(await holds([one(field, operation, value)]), expected);
  });
}

test('every operation is among the cases', () => {
  const tried = new Set(CASES.map(([, operation]) => operation));
  assert.deepEqual(
    LEGACY_OPERATION_NAMES.filter((name) => !tried.has(name)),
    [],
  );
});

test('a creation changes nothing, and its fields were empty', async () => {
  const created = { previous: undefined };
  assert.equal(await holds([one('name', 'has changed')], created), false);
  assert.equal(await holds([one('name', 'has changed to', 'Bolt M8')], created), false);
  assert.equal(await holds([one('name', 'was', '')], created), true);
  assert.equal(await holds([one('name', 'was', 'Bolt M8')], created), false);
});

/** Field, value, whether `is` holds; the value is another field or an expression. */
const COMPUTED: readonly (readonly [string, LegacyCondition['valuetype'], string, boolean])[] = [
  ['name', 'fieldname', 'other', true],
  ['name', 'fieldname', 'qty', false],
  ['blank', 'fieldname', 'missing', true],
  ['name', 'fieldname', 'parent : (Accounts) rating', true],
  ['parent : (Accounts) rating', 'fieldname', 'accountname', false],
  ['parent : (Accounts) accountname', 'fieldname', 'accountname', true],
  ['name', 'expression', "concat('Bolt',' M8')", true],
  ['qty', 'expression', '130+1', true],
  ['name', 'expression', '', false],
  ['blank', 'expression', '', true],
  ['qty', 'expression', "if getFromContext('factor') == 2 then 131 else 0 end", true],
  ['parent : (Accounts) accountname', 'expression', "concat(accountname,'')", true],
  ['name', 'expression', 'parent', false],
];

for (const [field, valuetype, value, expected] of COMPUTED) {
  test(`${field} is ${valuetype} ${value}: ${expected}`, async () => {
    assert.equal(await holds([one(field, 'is', value, { valuetype })]), expected);
  });
}

const YES = one('qty', 'is', '131');
const NO = one('qty', 'is', '1');
const joined = (condition: LegacyCondition, joincondition: string, groupid = '0', groupjoin = '') => {
  return { ...condition, joincondition, groupid, groupjoin };
};

/** Joined left to right, groups too. */
const JOINS: readonly (readonly [string, readonly LegacyCondition[], boolean])[] = [
  ['none', [], true],
  ['and by default', [YES, NO], false],
  ['true or false and false', [joined(YES, 'or'), joined(NO, 'and'), joined(NO, '')], false],
  ['false and false or true', [joined(NO, 'and'), joined(NO, 'or'), joined(YES, '')], true],
  ['groups by and', [joined(YES, ''), joined(NO, '', '1', 'and')], false],
  ['groups by or', [joined(NO, ''), joined(YES, '', '1', 'or')], true],
  ['groups left to right', [joined(YES, ''), joined(YES, '', '1', 'or'), joined(NO, '', '2', 'and')], false],
  ['an or before the first group joins nothing', [joined(NO, '', '0', 'or')], false],
  ['a group in two stretches', [joined(NO, 'or', '0'), joined(YES, '', '1', 'and'), joined(YES, '', '0')], true],
  ['the group an empty id names is 0', [joined(NO, 'or', ''), joined(YES, '', '0')], true],
  ['joins in capitals', [joined(NO, 'OR'), joined(YES, '')], true],
];

for (const [what, conditions, expected] of JOINS) {
  test(`joined: ${what}`, async () => assert.equal(await holds(conditions), expected));
}

test('the range of a user who writes the day first', async () => {
  const { environment } = view();
  const preferences = { ...environment.user.preferences, dateFormat: 'dd-mm-yyyy' } as const;
  const own = { environment: { ...environment, user: { ...environment.user, preferences } } };
  assert.equal(await holds([one('day', 'between', '09-03-2025,11-03-2025')], own), true);
  assert.equal(await holds([one('day', 'between', '11-03-2025,12-03-2025')], own), false);
});

test('today is the day in the zone of the install', async () => {
  const services = memoryServices({ now: Date.UTC(2025, 2, 14, 23, 30), timeZone: 'Europe/Madrid' });
  const environment = memoryEnvironment({ record: { due: '2025-03-15' } }, services);
  assert.equal(await legacyConditionsHold([one('due', 'is today')], { environment, previous: undefined }), true);
  assert.equal(await legacyConditionsHold([one('due', 'days later', '0')], { environment, previous: undefined }), true);
});

test('stored times are in their own zone', async () => {
  const base = memoryServices({ now: Date.UTC(2025, 2, 14, 23, 30), timeZone: 'Europe/Madrid' });
  const services = { ...base, clock: { ...base.clock, storedTimeZone: 'UTC' } };
  const environment = memoryEnvironment({ record: { at: '2025-03-14 23:10:00' } }, services);
  const judged = (operation: string, value: string) =>
    legacyConditionsHold([one('at', operation, value)], { environment, previous: undefined });
  assert.equal(await judged('less than hours before', '1'), true);
  assert.equal(await judged('is today', ''), true);
  assert.equal(await judged('days ago', '1'), false);
});

test('what is judged late fails the whole, as everything is judged', async () => {
  const failing = one('name', 'is', "'a'*2", { valuetype: 'expression' });
  await assert.rejects(holds([NO, failing]), { code: 'EXPRESSION_FAILED' });
  await assert.rejects(holds([one('name', 'matches', '/(?=a)/')]), { code: 'EXPRESSION_REGEX' });
  await assert.rejects(holds([YES, one('name', 'nosuchop')]), { code: 'CONDITION_OPERATION_UNKNOWN' });
});

const LIST = (inner: string): string => `[\n  ${inner}\n]`;

/** A list, the code of its problem, and the text that the problem points at. */
const PROBLEMS: readonly (readonly [string, string, string])[] = [
  ['{"fieldname":"a"}', 'CONDITION_SYNTAX', '{'],
  ['[', 'CONDITION_SYNTAX', ''],
  [LIST('{"fieldname":"a","operation":"is"},'), 'CONDITION_SYNTAX', ']'],
  [LIST('{"fieldname":"a","operation":["is"]}'), 'CONDITION_SYNTAX', '['],
  [LIST("{'fieldname':'a'}"), 'CONDITION_SYNTAX', "'"],
  [LIST('{"fieldname":"a","operation":"is"}') + ' x', 'CONDITION_SYNTAX', 'x'],
  [LIST('{"fieldname":"a"}'), 'CONDITION_MEMBER', '{'],
  [LIST('{"fieldname":7,"operation":"is"}'), 'CONDITION_MEMBER', '7'],
  [LIST('{"fieldname":"a","operation":"has change"}'), 'CONDITION_OPERATION_UNKNOWN', '"has change"'],
  [
    LIST('{"fieldname":"a","operation":"is","value":"\\u0061+b(1)","valuetype":"expression"}'),
    'EXPRESSION_UNKNOWN_FUNCTION',
    'b(1)',
  ],
];

for (const [text, code, pointed] of PROBLEMS) {
  test(`${code}: ${text.replaceAll('\n', ' ')}`, () => {
    const result = compileConditionText(text);
    assert.ok(!result.ok);
    const { problem } = result;
    assert.equal(problem.code, code);
    const at = text.slice(problem.offset, problem.offset + problem.length);
    assert.ok(at.startsWith(pointed) || pointed.startsWith(at), `points at ${at}`);
  });
}

/** A condition, and the codes and places of its warnings. */
const WARNINGS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ['{"fieldname":"a","operation":"is","value":"1","valuetype":"field"}', [['CONDITION_VALUE_TYPE', '"field"']]],
  ['{"fieldname":"a","operation":"is","joincondition":"xor"}', [['CONDITION_JOIN', '"xor"']]],
  ['{"fieldname":"a","operation":"is","groupjoin":"or"}', [['CONDITION_JOIN', '"or"']]],
  ['{"fieldname":"a","operation":"days ago","value":"soon"}', [['CONDITION_NEVER_TRUE', '"soon"']]],
  ['{"fieldname":"a","operation":"between","value":"1"}', [['CONDITION_NEVER_TRUE', '"1"']]],
  ['{"fieldname":"a","operation":"matches","value":"abc"}', [['CONDITION_NEVER_TRUE', '"abc"']]],
  ['{"fieldname":"a","operation":"days ago","value":"qty","valuetype":"fieldname"}', []],
];

for (const [condition, expected] of WARNINGS) {
  test(`warns of ${condition}`, () => {
    const text = LIST(condition);
    const result = compileConditionText(text);
    assert.ok(result.ok);
    const told = result.warnings.map(({ code, offset, length }) => [code, text.slice(offset, offset + length)]);
    assert.deepEqual(told, expected);
  });
}

test('the fields of a list are known, behind references too', () => {
  const text = '[{"fieldname":"parent : (Accounts) rating","operation":"is"},{"fieldname":"name","operation":"is"}]';
  const result = compileConditionText(text);
  assert.ok(result.ok);
  const paths = result.value.references.map(({ path, offset, length }) => [path, text.slice(offset, offset + length)]);
  assert.deepEqual(paths, [
    [['parent', 'rating'], '"parent : (Accounts) rating"'],
    [['name'], '"name"'],
  ]);
});

test('nothing at all, and a list of which the quotes were written as entities', async () => {
  const nothing = compileConditionText('  ');
  assert.ok(nothing.ok && nothing.value.isAlwaysTrue);
  const encoded =
    '[{&quot;fieldname&quot;:&quot;qty&quot;,&quot;operation&quot;:&quot;is&quot;,&quot;value&quot;:131,&quot;groupid&quot;:0}]';
  const result = compileConditionText(encoded);
  assert.ok(result.ok);
  assert.equal(await result.value.holds(view()), true);
  const [reference] = result.value.references;
  assert.equal(
    encoded.slice(reference?.offset, (reference?.offset ?? 0) + (reference?.length ?? 0)),
    '&quot;qty&quot;',
  );
});

test('more conditions than anybody writes are refused', () => {
  const result = compileLegacyConditions(Array.from({ length: 1001 }, () => YES));
  assert.equal(result.ok ? '' : result.problem.code, 'CONDITION_SYNTAX');
});
