import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { isWorkflowCsv, workflowsOfCsv } from '../../src/import/export/read-csv.ts';
import { readExport } from '../../src/import/export/read-export.ts';
import { readMapNames } from '../../src/import/export/read-map-names.ts';
import { callTask, exportedTask, exportedWorkflow } from './exported-task.ts';
import { phpSerialize } from './php-serialize.ts';

const ONE = exportedWorkflow({ title: 'One', tasks: [callTask('first', 'A'), callTask('second', 'B')] });

const summaries = (value: Json): string[] =>
  readExport(value).map(({ title, tasks }) => `${title}: ${tasks.map(({ summary }) => summary).join(' ')}`);

const row = (id: number, more: JsonObject = {}): JsonObject => ({
  workflow_id: id,
  module_name: 'Accounts',
  summary: `W${id}`,
  test: '[]',
  execution_condition: String(id),
  ...more,
});

const taskRow = (workflow: number, order: number, summary: string): JsonObject => ({
  task_id: order * 10,
  workflow_id: workflow,
  summary,
  task: callTask(summary, 'A', { executionorder: 99 }),
  executionorder: order,
});

/** One workflow inside of so many lists. */
function nested(levels: number): Json {
  let value: Json = ONE;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

describe('an export of workflows', () => {
  it('is one workflow, a list of them, or such in texts and in base64', () => {
    const text = JSON.stringify(ONE);
    for (const value of [ONE, [ONE], text, [text], [Buffer.from(text).toString('base64')], { workflows: [ONE] }]) {
      assert.deepEqual(summaries(value), ['One: first second']);
    }
  });

  it("is the two tables' rows, tasks in the order that the table says", () => {
    const workflows = [row(1), row(2)];
    const tasks = [taskRow(2, 2, 'b'), taskRow(1, 1, 'x'), taskRow(2, 1, 'a')];
    const table = (name: string, data: readonly JsonObject[]): JsonObject => ({ type: 'table', name, data: [...data] });
    const forms: Json[] = [
      { com_vtiger_workflows: workflows, com_vtiger_workflowtasks: tasks },
      { workflows, tasks },
      [...workflows, ...tasks],
      [
        { type: 'header' },
        { type: 'database' },
        table('com_vtiger_workflows', workflows),
        table('com_vtiger_workflowtasks', tasks),
      ],
    ];
    for (const form of forms) assert.deepEqual(summaries(form), ['W1: x', 'W2: a b']);
  });

  it('is the table that coreBOS imports', () => {
    const cell = Buffer.from(JSON.stringify(ONE)).toString('base64');
    const text = `workflow_id,module_name,summary\r\n${cell},Products,One\r\n"${cell}",Products,One\r\n`;
    assert.equal(isWorkflowCsv(text), true);
    assert.equal(isWorkflowCsv(JSON.stringify(ONE)), false);
    assert.deepEqual(summaries(workflowsOfCsv(text)), ['One: first second', 'One: first second']);
  });

  it('is nothing else', () => {
    const others: Json[] = [
      [],
      {},
      null,
      7,
      'no JSON',
      { rows: [] },
      { result: [] },
      [[{ name: 'Products' }]],
      nested(9),
      nested(5_000),
    ];
    for (const other of others) assert.throws(() => readExport(other), { code: 'IMPORT_EXPORT_UNKNOWN' });
  });

  it('tells what a workflow says of itself', () => {
    const [workflow] = readExport(
      row(9, {
        active: 'false',
        wfstarton: '2025-01-01 00:00:00',
        wfendon: '0000-00-00 00:00:00',
        relatemodule: 'Any',
        purpose: 'why',
      }),
    );
    assert.equal(workflow?.id, '9');
    assert.equal(workflow?.execution, 'relate');
    assert.equal(workflow?.isActive, false);
    assert.deepEqual([workflow?.startsOn, workflow?.endsOn], ['2025-01-01 00:00:00', '']);
    assert.deepEqual([workflow?.relatedModule, workflow?.purpose, workflow?.module], ['Any', 'why', 'Accounts']);
    assert.equal(readExport(row(11))[0]?.execution, undefined);
  });
});

describe('a task of an export', () => {
  const taskOf = (text: string) => readExport(exportedWorkflow({ tasks: [text] }))[0]?.tasks[0];

  it('that cannot be read is told with the reason, and the others are read', () => {
    const [workflow] = readExport(
      exportedWorkflow({ tasks: ['C:1:"A":0:{}', 'nonsense', phpSerialize('text'), callTask('last', 'A')] }),
    );
    const codes = workflow?.tasks.map((task) => (task.className === undefined ? task.code : task.summary));
    assert.deepEqual(codes, ['IMPORT_PHP_REFUSED', 'IMPORT_PHP_INVALID', 'IMPORT_TASK_INVALID', 'last']);
  });

  it('is active unless it says otherwise', () => {
    const states = [true, false, 'true', 'false', '1', '0', 1, 0, null].map((active) => {
      const task = taskOf(exportedTask('VTDummyTask', { active }));
      return task?.className === undefined ? undefined : task.isActive;
    });
    assert.deepEqual(states, [true, false, true, false, true, false, true, false, false]);
  });

  it('has a delay only when it waits for something', () => {
    const delayOf = (entries: readonly (readonly [string, string | number])[]): string | undefined => {
      const task = taskOf(exportedTask('VTEmailTask', { trigger: { entries } }));
      return task?.className === undefined ? undefined : task.delay;
    };
    assert.equal(
      delayOf([
        ['days', -3],
        ['field', 'duedate'],
      ]),
      '3 days before duedate',
    );
    assert.equal(
      delayOf([
        ['hours', '2'],
        ['field', 'createdtime'],
      ]),
      '2 hours after createdtime',
    );
    assert.equal(
      delayOf([
        ['days', 0],
        ['field', ''],
      ]),
      undefined,
    );
    assert.equal(taskOf(callTask('x', 'A'))?.className === undefined, false);
  });

  it('of a class that PHP did not have keeps its name', () => {
    const task = taskOf(
      phpSerialize({ className: '__PHP_Incomplete_Class', properties: { __PHP_Incomplete_Class_Name: 'VTSMSTask' } }),
    );
    assert.equal(task?.className, 'VTSMSTask');
  });
});

describe('names of business maps', () => {
  it('come from rows, from an answer, or from numbers and names', () => {
    const names = [['12', 'Send']] as const;
    const forms: Json[] = [
      [{ id: '43x12', mapname: 'Send' }],
      { result: [{ cbmapid: 12, mapname: 'Send', id: '43x99' }] },
      { '43x12': 'Send' },
      { '43x12': 'Send', '43x13': null, '43x14': { toString: 1 } },
    ];
    for (const form of forms) assert.deepEqual([...readMapNames(form)], names);
    for (const form of [[], {}, 'x', [{ id: '1' }]] as Json[]) {
      assert.throws(() => readMapNames(form), { code: 'IMPORT_MAPS_UNKNOWN' });
    }
  });
});
