import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import {
  EXECUTIONS,
  type ExportedSchedule,
  type ExportedTask,
  type ExportedWorkflow,
  type UnreadableTask,
} from './exported-workflow.ts';
import { readJson } from '../../core/json-text.ts';
import { readTask } from './read-task.ts';
import { isOn, momentOf, textOf } from './row.ts';

const WORKFLOW_TABLE = 'com_vtiger_workflows';
const TASK_TABLE = 'com_vtiger_workflowtasks';
const MOST_WORKFLOWS = 10_000;
/** A table in a list, its rows, and texts in those. */
const MOST_LEVELS = 8;

/** Rows of the two tables, however they came. */
interface Rows {
  readonly workflows: JsonObject[];
  readonly tasks: JsonObject[];
}

/**
 * The workflows of an export, in its order, each with its tasks in theirs. It may be one workflow as coreBOS exports it, a
 * list of those, the rows of the two tables (`{"com_vtiger_workflows": [...], "com_vtiger_workflowtasks": [...]}`, also
 * `workflows` and `tasks`), or such rows as phpMyAdmin writes tables. Throws IMPORT_EXPORT_UNKNOWN for anything else.
 */
export function readExport(value: Json): ExportedWorkflow[] {
  const rows: Rows = { workflows: [], tasks: [] };
  gather(value, rows, 0);
  if (rows.workflows.length === 0) throw unknown('it holds no workflows');
  if (rows.workflows.length > MOST_WORKFLOWS) throw unknown(`it holds more than ${MOST_WORKFLOWS} workflows`);
  const byWorkflow = Map.groupBy(rows.tasks, (task) => textOf(task, 'workflow_id', 'workflowid'));
  return rows.workflows.map((row) => readWorkflow(row, byWorkflow.get(numberOf(row)) ?? []));
}

function unknown(why: string): MapwrightError {
  return new MapwrightError('IMPORT_EXPORT_UNKNOWN', `this is no export of workflows: ${why}`, {
    hint: `give what coreBOS exports, or {"${WORKFLOW_TABLE}": [...], "${TASK_TABLE}": [...]}`,
  });
}

function gather(value: Json, rows: Rows, depth: number): void {
  if (depth > MOST_LEVELS) throw unknown(`it is nested more than ${MOST_LEVELS} levels deep`);
  if (typeof value === 'string') return gather(parsed(value), rows, depth + 1);
  if (Array.isArray(value)) {
    for (const one of value as readonly Json[]) gather(one, rows, depth + 1);
    return;
  }
  if (!isJsonObject(value)) throw unknown('a list or an object is expected');
  if (isWorkflow(value)) rows.workflows.push(value);
  else if (Object.hasOwn(value, 'task') && Object.hasOwn(value, 'workflow_id')) rows.tasks.push(value);
  else gatherTables(value, rows, depth);
}

function isWorkflow(row: JsonObject): boolean {
  return ['executionCondition', 'execution_condition'].some((name) => Object.hasOwn(row, name));
}

function gatherTables(value: JsonObject, rows: Rows, depth: number): void {
  // phpMyAdmin: a header, a database, and the tables.
  if (value['type'] === 'header' || value['type'] === 'database') return;
  const tables =
    value['type'] === 'table'
      ? [value['data']]
      : [WORKFLOW_TABLE, TASK_TABLE, 'workflows', 'tasks', 'result'].map((name) =>
          Object.hasOwn(value, name) ? value[name] : undefined,
        );
  const found = tables.filter((table) => Array.isArray(table));
  if (found.length === 0) throw unknown('an object in it is neither a workflow nor a table of them');
  for (const table of found) gather(table, rows, depth + 1);
}

/** A workflow inside a text: as JSON, or as that in base64, which is how coreBOS takes several in one file. */
function parsed(text: string): Json {
  const json = /^[A-Za-z0-9+/=\s]+$/u.test(text) ? fromBase64(text) : text;
  const value = readJson(json);
  if (value !== undefined) return value;
  throw new MapwrightError('IMPORT_EXPORT_UNKNOWN', 'this is no export of workflows: a text in it is no JSON', {
    hint: 'export the workflows again',
  });
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

function numberOf(row: JsonObject): string {
  return textOf(row, 'workflow_id', 'id');
}

function readWorkflow(row: JsonObject, taskRows: readonly JsonObject[]): ExportedWorkflow {
  const code = textOf(row, 'executionCondition', 'execution_condition');
  const id = numberOf(row);
  return {
    id: id === '' ? undefined : id,
    title: textOf(row, 'description', 'summary'),
    purpose: textOf(row, 'purpose'),
    module: textOf(row, 'moduleName', 'module_name'),
    execution: Object.hasOwn(EXECUTIONS, code) ? EXECUTIONS[code as keyof typeof EXECUTIONS] : undefined,
    isActive: isOn(textOf(row, 'active'), true),
    startsOn: momentOf(textOf(row, 'wfstarton')),
    endsOn: momentOf(textOf(row, 'wfendon')),
    conditions: textOf(row, 'test'),
    relatedModule: textOf(row, 'relatemodule'),
    schedule: readSchedule(row),
    tasks: [...ownTasks(row), ...taskRows.map(readTaskRow)].toSorted((a, b) => a.order - b.order),
  };
}

function readSchedule(row: JsonObject): ExportedSchedule {
  const records = textOf(row, 'options').toLowerCase();
  return {
    type: textOf(row, 'schtypeid'),
    time: textOf(row, 'schtime'),
    daysOfMonth: textOf(row, 'schdayofmonth'),
    daysOfWeek: textOf(row, 'schdayofweek'),
    dates: textOf(row, 'schannualdates'),
    minutes: textOf(row, 'schminuteinterval'),
    records,
    source: textOf(row, `${records}_display`, records),
  };
}

function ownTasks(row: JsonObject): (ExportedTask | UnreadableTask)[] {
  const tasks = row['tasks'];
  if (!Array.isArray(tasks)) return [];
  return (tasks as readonly Json[]).map((task, index) =>
    isJsonObject(task) ? readTaskRow(task, index) : readTask(rawText(task), { order: index + 1, summary: '' }),
  );
}

function readTaskRow(row: JsonObject, index: number): ExportedTask | UnreadableTask {
  const order = Number(textOf(row, 'executionorder'));
  const said = textOf(row, 'executionorder') !== '' && Number.isFinite(order);
  const task = readTask(rawText(row['task']), { order: index + 1, summary: textOf(row, 'summary') });
  // As coreBOS: what the table says of the order stands over what was serialized.
  return said ? { ...task, order } : task;
}

/** Not trimmed: the lengths inside count every byte. */
function rawText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
