import type { Json, JsonObject } from '../../../src/core/json.ts';
import { LEGACY_OPERATION_NAMES } from '../../../src/expression/legacy/condition/operations.ts';
import { HOSTILE_TEXTS, hostileText } from './hostile-text.ts';
import { LEGACY_GRAMMAR } from './legacy-grammar.ts';
import { Mutator } from './mutation.ts';
import { phpInput, type PhpInput, serialized } from './php-text.ts';
import type { Random } from './random.ts';

const CLASSES = [
  'RunWebserviceWorkflowTask',
  'VTUpdateFieldsTask',
  'VTUpdateFieldsTask',
  'VTCreateEntityTask',
  'CBUpsertTask',
  'wfExecExpression',
  'CBLaunchWorkFlowTask',
  'CBAddNotification',
  'VTEmailTask',
  'VTSMSTask',
  'GenerateReportTask',
];
const FIELDS = [
  'productname',
  'unit_price',
  'serial_no',
  'assigned_user_id',
  'remote_id',
  'nope',
  'vendor_id',
  'constructor',
];
const MODULES = ['Products', 'Products', 'Accounts', 'Nope', ''];

const mutator = new Mutator({
  texts: ['O:11:"VTEmailTask":1:{s:7:"subject";s:2:"hi";}'],
  words: [...HOSTILE_TEXTS, 's:1:"a";', 'N;'],
  brackets: [['a:1:{i:0;', '}']],
});

/** An export of workflows in one of the forms that coreBOS and its databases write. */
export function workflowExport(random: Random): Json {
  const workflows = Array.from({ length: random.between(1, 3) }, (_, index) => workflow(random, index + 1));
  switch (random.below(5)) {
    case 0:
      return workflows[0] ?? {};
    case 1:
      return workflows;
    case 2:
      return { com_vtiger_workflows: workflows, com_vtiger_workflowtasks: taskRows(random, workflows.length) };
    case 3:
      return workflows.map((one) => Buffer.from(JSON.stringify(one)).toString('base64'));
    default:
      return [{ type: 'header' }, { type: 'table', name: 'com_vtiger_workflows', data: workflows }];
  }
}

function workflow(random: Random, id: number): JsonObject {
  const tasks = Array.from({ length: random.below(4) }, () => taskText(random));
  return {
    workflow_id: String(id),
    [random.pick(['moduleName', 'module_name'])]: random.pick(MODULES),
    [random.pick(['description', 'summary'])]: random.oneIn(5) ? hostileText(random) : `Workflow ${random.below(3)}`,
    [random.pick(['executionCondition', 'execution_condition'])]: random.pick([
      1,
      2,
      '3',
      '4',
      5,
      6,
      6,
      7,
      8,
      9,
      10,
      99,
      '',
    ]),
    purpose: random.oneIn(4) ? hostileText(random) : '',
    test: conditions(random),
    active: random.pick(['true', 'false', 1, '']),
    wfstarton: random.pick(['', '2025-01-31 08:00:00', '0000-00-00 00:00:00', 'never']),
    wfendon: random.pick(['', null, '2020-01-01 00:00:00']),
    relatemodule: random.pick(['', 'Any', 'Accounts']),
    schtypeid: random.pick([null, ...'12345678'.split(''), 'x']),
    schtime: random.pick(['', '08:00', '23:59:59', 'x']),
    schdayofmonth: random.pick(['', '["1","31"]', '5', '[', '["0","40"]']),
    schdayofweek: random.pick(['', '["1","7"]', '2', '["9"]']),
    schannualdates: random.pick(['', '["2025-12-25"]', '2025-02-29', '["x"]']),
    schminuteinterval: random.pick(['', '5', '0', '-1', '99999999999']),
    options: random.pick(['', 'conditions', 'cbquestion', 'recordset', 'onerecord', 'x']),
    recordset: random.pick(['', '43']),
    ...(random.oneIn(2) ? { tasks } : {}),
  };
}

function taskRows(random: Random, workflows: number): Json {
  return Array.from({ length: random.below(5) }, () => ({
    workflow_id: String(random.between(1, workflows + 1)),
    summary: random.oneIn(4) ? hostileText(random) : 'A task',
    executionorder: random.pick([1, '2', null, 'x']),
    task: taskText(random),
  }));
}

function taskText(random: Random): string {
  const text = serialized({ className: random.pick(CLASSES), properties: [...new Map(properties(random))] });
  return random.oneIn(8) ? mutator.mutate(random, text) : text;
}

function properties(random: Random): (readonly [string, PhpInput])[] {
  const text = (): string =>
    random.oneIn(5)
      ? hostileText(random).toWellFormed()
      : LEGACY_GRAMMAR.expand(random, 'expression', 4).toWellFormed();
  const all: (readonly [string, PhpInput])[] = [
    ['summary', random.oneIn(4) ? hostileText(random).toWellFormed() : 'A task'],
    ['active', random.pick([true, true, false, '1', 'false'])],
    ['test', conditions(random)],
    [
      'trigger',
      random.pick([
        null,
        null,
        {
          entries: [
            ['days', 3],
            ['direction', 'after'],
            ['field', 'createdtime'],
          ],
        },
      ]),
    ],
    ['bmapid', random.pick(['43', '14x43', '', 7])],
    ['bmapid_display', random.pick(['peer-login', 'product-create', 'Nope', '', 'FS:Create & <x>'])],
    ['field_value_mapping', fieldValues(random)],
    ['upsert_module', random.pick(MODULES)],
    ['entity_type', random.pick(MODULES)],
    ['reference_field', random.pick(FIELDS)],
    [
      'wfexeexps',
      JSON.stringify([
        { exp: text(), typ: random.pick(['expression', 'rawtext', 'fieldname']), var: random.pick(['x', 'a b', '']) },
      ]),
    ],
    ['workflowid', random.pick(['1', '2', '99', ''])],
    ['workflowid_display', random.pick(['Workflow 0', 'nope', ''])],
    ['record_filter', random.pick(['these', 'related', 'map', 'recordset', 'context', 'x'])],
    ['recepient', random.pick(['a@b.c', '$(assigned_user_id : (Users) email1)', '', 'x'])],
    ['subject', `${text()} $productname`.slice(0, 80)],
    ['content', `<p>${hostileText(random).toWellFormed()} $unit_price</p>`],
    ['ownertype', random.pick(['user', 'group', 'assigneduser', 'specific', 'x'])],
    ['cbmodule', random.pick(MODULES)],
    ['cbdate', random.pick(['', '2025-01-01', text()])],
    ['cbnotif', text()],
    ['x', phpInput(random, 2)],
  ];
  return all.filter(() => !random.oneIn(4));
}

function fieldValues(random: Random): string {
  if (random.oneIn(12)) return hostileText(random).toWellFormed();
  const rows = Array.from({ length: random.below(4) }, () => ({
    fieldname: random.pick(FIELDS),
    valuetype: random.pick(['rawtext', 'fieldname', 'expression', 'x']),
    value: random.pick([
      '1',
      'Bolt',
      'productname',
      '$(vendor_id : (Vendors) vendorname)',
      'true:boolean',
      LEGACY_GRAMMAR.expand(random, 'expression', 5),
      hostileText(random),
    ]),
    ...(random.oneIn(5) ? { fldrelname: random.pick(FIELDS), fldmodule: random.pick(MODULES) } : {}),
  }));
  return JSON.stringify(rows).toWellFormed();
}

function conditions(random: Random): string {
  if (random.oneIn(3)) return '';
  if (random.oneIn(10)) return hostileText(random).toWellFormed();
  const list = Array.from({ length: random.below(3) }, () => ({
    fieldname: random.pick([...FIELDS, 'vendor_id : (Vendors) vendorname']),
    operation: random.pick(LEGACY_OPERATION_NAMES),
    value: random.pick(['1', 'Bolt', '2025-01-01', '', hostileText(random)]),
    valuetype: random.pick(['rawtext', 'fieldname', 'expression']),
    joincondition: random.pick(['and', 'or', '']),
    groupid: random.pick(['0', '1']),
    groupjoin: random.pick(['and', 'or']),
  }));
  return JSON.stringify(list).toWellFormed();
}
