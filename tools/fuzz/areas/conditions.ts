import type { Json } from '../../../src/core/json.ts';
import { compileConditionText } from '../../../src/expression/legacy/condition/compile-conditions.ts';
import { renderConditions } from '../../../src/expression/legacy/condition/condition-query.ts';
import type { LegacyConditionView } from '../../../src/expression/legacy/condition/condition-view.ts';
import { LEGACY_OPERATION_NAMES } from '../../../src/expression/legacy/condition/operations.ts';
import { parseLegacyConditions } from '../../../src/expression/legacy/condition/read-conditions.ts';
import type { LegacyField, LegacyFieldType, LegacyModule } from '../../../src/expression/legacy/services.ts';
import { memoryEnvironment, memoryServices, PREFERENCES } from '../../conformance/memory-world.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { HOSTILE_TEXTS, hostileText, randomText } from '../generate/hostile-text.ts';
import { LEGACY_GRAMMAR } from '../generate/legacy-grammar.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { checkPlace, checkProblem, checkRefusal } from './told-problem.ts';

interface ConditionInput {
  readonly text: string;
  readonly isCreation: boolean;
}

const BUDGET = { timeoutMs: 20 };
const CODES = /^(?:CONDITION|EXPRESSION)_[A-Z_]+$/u;
const JUDGING = /^(?:EXPRESSION|CALL)_[A-Z_]+$/u;
const FIELDS: readonly string[] = [
  ...'name price ticked colours day stamp hours account_id none nosuch id constructor __proto__'.split(' '),
  '',
  'account_id : (Accounts) name',
  '$(account_id : (Accounts) day)',
  'account_id : (Contacts) x',
  'id : (Users) y',
];
const VALUES: readonly Json[] = [
  ...'0 3 1.5 -2 99999999999999999999 Bolt true:boolean 2025-03-10 9:00 746 11x746 1,2 2025-03-01,2025-03-20'.split(
    ' ',
  ),
  ...'01-03-2025, /^b/i {^(a+)+$} /[/ #\\d# Red &quot;'.split(' '),
  '',
  null,
  7,
  true,
];
const TYPES: Readonly<Record<string, LegacyFieldType>> = {
  name: 'text',
  price: 'number',
  ticked: 'boolean',
  colours: 'multipicklist',
  day: 'date',
  stamp: 'datetime',
  hours: 'time',
  account_id: 'reference',
};
const RECORD = {
  name: 'Bolt "M8"',
  price: '1.50',
  ticked: '1',
  colours: 'Red |##| Blue',
  day: '2025-03-10',
  stamp: '2025-03-14 09:00:00',
  hours: '8:30',
  account_id: '11x746',
  none: '',
};
const FIELD_LIST = Object.entries(TYPES).map(([name, type]): [string, LegacyField] => [
  name,
  { name, label: name, type, targets: ['Accounts'] },
]);
const MODULE: LegacyModule = { name: 'Products', prefix: '14', title: 'name', fields: new Map(FIELD_LIST) };
const CLOCK = memoryServices().clock;

const mutator = new Mutator({
  texts: [
    '[{"fieldname":"name","operation":"is","value":"Bolt","valuetype":"rawtext","joincondition":"or","groupid":"0"}]',
    '[{"fieldname":"account_id : (Accounts) name","operation":"is empty","value":null,"groupid":1,"groupjoin":"and"}]',
    '[{&quot;fieldname&quot;:&quot;name&quot;,&quot;operation&quot;:&quot;has changed&quot;}]',
    '[]',
  ],
  words: [...HOSTILE_TEXTS, '\\u0061', '\\"', '&quot;', '&amp;', ' : (', 'and', 'or'],
  brackets: [
    ['[', ']'],
    ['{', '}'],
    ['"', '"'],
  ],
});

/** Conditions as workflows store them: judged, or refused with a place, and never anything else. */
export const AREA: Area = {
  name: 'conditions',
  limitMs: 1000,
  generate(random): Json {
    const text = random.weighted([
      [1, randomText],
      [3, (one: Random) => mutator.mutated(one)],
      [8, listText],
      [2, (one: Random) => mutator.mutate(one, listText(one))],
    ])(random);
    return { text, isCreation: random.oneIn(3) };
  },
  open: () => Promise.resolve({ judge, close: () => Promise.resolve() } satisfies Target),
};

function listText(random: Random): string {
  const conditions = Array.from({ length: random.pick([0, 1, 1, 2, 3, 5]) }, () => conditionOf(random));
  return JSON.stringify(conditions, undefined, random.oneIn(4) ? 2 : undefined);
}

function conditionOf(random: Random): Json {
  const valuetype = random.pick(['rawtext', 'rawtext', 'fieldname', 'expression', '']);
  return {
    fieldname: random.oneIn(12) ? hostileText(random) : random.pick(FIELDS),
    operation: random.oneIn(20) ? hostileText(random) : random.pick([...LEGACY_OPERATION_NAMES, '']),
    value: valueOf(random, valuetype),
    valuetype,
    joincondition: random.pick(['and', 'or', '']),
    groupid: random.pick(['0', '0', '1', '2', '']),
    groupjoin: random.pick(['and', 'or', '']),
  };
}

function valueOf(random: Random, valuetype: string): Json {
  if (valuetype === 'expression') return LEGACY_GRAMMAR.expand(random, 'expression', 10);
  if (valuetype === 'fieldname') return random.pick(FIELDS);
  if (random.oneIn(6)) return hostileText(random);
  return random.pick(VALUES);
}

async function judge(input: Json): Promise<Verdict> {
  const { text, isCreation } = input as unknown as ConditionInput;
  const compiled = compileConditionText(text);
  const problems = compiled.ok ? compiled.warnings : [compiled.problem];
  for (const problem of problems) checkProblem(text, problem, CODES);
  if (!compiled.ok) return 'refused';
  for (const reference of compiled.value.references) checkPlace(text, reference);
  checkQuery(text);
  try {
    const holds = await compiled.value.holds(viewOf(isCreation), BUDGET);
    promise(typeof holds === 'boolean', () => `gives ${String(holds)}`);
    const again = await compiled.value.holds(viewOf(isCreation), BUDGET);
    promise(holds === again, () => 'judged twice, it is true and false');
  } catch (thrown) {
    return checkRefusal(thrown, JUDGING);
  }
  return 'accepted';
}

function viewOf(isCreation: boolean): LegacyConditionView {
  const view = { recordId: '14x74', module: 'Products', record: RECORD, fieldTypes: TYPES };
  // New ones for each: functions leave messages and settings.
  const services = memoryServices({
    modules: [MODULE],
    rows: [{ id: '11x746', module: 'Accounts', fields: { name: 'Rowley', day: '2025-03-14' } }],
  });
  const environment = memoryEnvironment(view, services);
  return { environment, previous: isCreation ? undefined : { ...RECORD, name: 'Nut' } };
}

/** What can be judged can be said to the store, be it that every record is looked at. */
function checkQuery(text: string): void {
  const read = parseLegacyConditions(text);
  promise(read.ok, () => 'it compiles and cannot be read');
  const conditions = read.value.map(({ condition }) => condition);
  const scope = { module: MODULE, prefixOf: () => '11', clock: CLOCK, preferences: PREFERENCES };
  const { where } = renderConditions(conditions, scope);
  const written = JSON.stringify(where) ?? '';
  promise(!written.includes('"value":null'), () => `a query with no value: ${written}`);
}
