import type { Outcome, TaskReport, WorkflowReport } from '../../import/workflow/report.ts';
import { PAGE_WIDTH, renderTable } from '../table.ts';
import { fold } from '../text-layout.ts';
import { count } from './documents-report.ts';

const OUTCOMES: readonly Outcome[] = ['kept', 'changed', 'partly', 'dropped'];
const WIDEST = 7;

/** Each workflow with its tasks and what has to be known of them, then all of them as a table, then numbers. */
export function renderWorkflowImport(workflows: readonly WorkflowReport[]): string[] {
  const details = workflows.flatMap((workflow) => {
    const lines = renderWorkflow(workflow);
    return lines.length === 0 ? [] : [...lines, ''];
  });
  return [...details, ...renderWorkflows(workflows), '', ...renderNumbers(workflows)];
}

function renderWorkflow({ title, id, name, notes, tasks }: WorkflowReport): string[] {
  const number = id === undefined ? '' : ` (${id})`;
  return [
    ...fold(`${title || 'a workflow without a name'}${number} -> ${name ?? 'nothing'}`, PAGE_WIDTH),
    ...notes.flatMap((note) => hang(note, 2)),
    ...tasks.flatMap(renderTask),
  ];
}

function renderTask({ summary, className, ids, outcome, notes }: TaskReport): string[] {
  const into = ids.length === 0 || ids.join(', ') === summary ? '' : ` -> ${ids.join(', ')}`;
  const what = `${summary || 'a task'} [${className ?? 'unreadable'}]${into}`;
  return [...hang(`${outcome.padEnd(WIDEST)}  ${what}`, 2), ...notes.flatMap((note) => hang(note, WIDEST + 4))];
}

function hang(text: string, columns: number): string[] {
  const indent = ' '.repeat(columns);
  return fold(text, PAGE_WIDTH - columns).map((line) => indent + line);
}

function renderWorkflows(workflows: readonly WorkflowReport[]): string[] {
  return renderTable(
    [
      { title: 'workflow', gives: true },
      { title: 'module' },
      { title: 'trigger' },
      { title: 'tasks', align: 'right' },
      { title: '' },
    ],
    workflows.map(({ title, name, module, trigger, tasks, outcome }) => [
      name ?? title,
      module,
      trigger ?? '',
      String(tasks.length),
      outcome,
    ]),
  );
}

function renderNumbers(workflows: readonly WorkflowReport[]): string[] {
  const tasks = workflows.flatMap((workflow) => workflow.tasks);
  const numbers = (outcomes: readonly Outcome[]): string =>
    OUTCOMES.map((outcome) => `${outcomes.filter((one) => one === outcome).length} ${outcome}`).join(', ');
  return [
    `${count(workflows.length, 'workflow')}: ${numbers(workflows.map(({ outcome }) => outcome))}`,
    `${count(tasks.length, 'task')}: ${numbers(tasks.map(({ outcome }) => outcome))}`,
  ];
}
