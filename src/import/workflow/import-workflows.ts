import { documentName, freeName } from '../../core/document-name.ts';
import { NATIVE_NAMESPACE } from '../../document/place.ts';
import { element, type WrittenNode, writeXml } from '../../xml/write.ts';
import type { ExportedWorkflow, Execution } from '../export/exported-workflow.ts';
import { convertTask } from '../task/convert-task.ts';
import type { ExportedTarget, ExtraFile, TaskContext } from '../task/task-context.ts';
import { contextValues } from './context-values.ts';
import { Known, type Knowledge, plainNumber } from './knowledge.ts';
import { type Note, outcomeOf, type WorkflowReport } from './report.ts';
import { convertTrigger } from './trigger.ts';

/** Native documents out of coreBOS's workflows, and what became of each of them. */
export interface ImportedWorkflows {
  /** `send-accounts.xml` and its text. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly workflows: readonly WorkflowReport[];
}

/** Converts an export. The same export with the same knowledge gives the same documents. */
export function importWorkflows(exported: readonly ExportedWorkflow[], knowledge: Knowledge): ImportedWorkflows {
  const known = new Known(knowledge);
  const taken = new Set<string>();
  const named = exported.map((workflow) => ({ workflow, name: nameOf(workflow, taken) }));
  const lookup = (id: string, title: string): ExportedTarget | undefined => {
    const number = plainNumber(id);
    const found =
      named.find(({ workflow }) => number !== '' && workflow.id === number) ??
      named.find(({ workflow }) => title !== '' && workflow.title === title);
    const isThere =
      found !== undefined && found.workflow.execution !== undefined && found.workflow.execution !== 'access-control';
    return isThere ? { name: found.name, module: found.workflow.module } : undefined;
  };
  const files: ExtraFile[] = [];
  const workflows = named.map(({ workflow, name }) => {
    const context: TaskContext = {
      workflow,
      name,
      known,
      ids: new Set(),
      freeName: (wanted) => freeName(wanted, taken),
      workflowNamed: lookup,
    };
    const converted = convertWorkflow(context);
    files.push(...converted.files);
    return converted.report;
  });
  return { files: files.map(({ name, text }) => ({ path: `${name}.xml`, text })), workflows };
}

/** Two of the same title are told apart by their numbers. */
function nameOf({ title, module, id }: ExportedWorkflow, taken: Set<string>): string {
  const name = documentName(title === '' ? module : title, 'workflow');
  return freeName(taken.has(name) && id !== undefined ? `${name}-${id}` : name, taken);
}

interface ConvertedWorkflow {
  readonly files: readonly ExtraFile[];
  readonly report: WorkflowReport;
}

function convertWorkflow(context: TaskContext): ConvertedWorkflow {
  const { execution } = context.workflow;
  if (execution === undefined)
    return leftOut(context.workflow, 'what starts it is a number that coreBOS does not have');
  if (execution === 'access-control') {
    return leftOut(
      context.workflow,
      'it decides who may see and change records; there is no access control by records here',
    );
  }
  return convertRunning(context, execution);
}

function leftOut({ title, id, module }: ExportedWorkflow, text: string): ConvertedWorkflow {
  return {
    files: [],
    report: {
      title,
      id,
      module,
      name: undefined,
      trigger: undefined,
      outcome: 'dropped',
      notes: [`left out: ${text}`],
      tasks: [],
      files: [],
    },
  };
}

function convertRunning(context: TaskContext, execution: Exclude<Execution, 'access-control'>): ConvertedWorkflow {
  const { workflow, name, known, ids } = context;
  const { title, id, module } = workflow;
  const trigger = convertTrigger(workflow, execution, known);
  const tasks = workflow.tasks.map((task) => convertTask(task, context));
  const nodes = tasks.flatMap(({ converted }) => converted.nodes);
  const before = contextValues(workflow, { known, maps: mapsOf(nodes), ids });
  const hasTasks = nodes.some((node) => 'name' in node);
  const isActive = workflow.isActive && trigger.isSound && hasTasks;
  const notes: Note[] = [...trigger.notes, ...before.notes, ...activeNotes(workflow, hasTasks)];
  const text = documentText({
    context,
    isActive,
    trigger: trigger.nodes,
    tasks: hasTasks ? [...before.nodes, ...nodes] : [...nodes, element('end', { id: 'nothing-to-do' })],
  });
  const files = [{ name, text }, ...tasks.flatMap(({ converted }) => converted.files ?? [])];
  const reports = tasks.map(({ report }) => report);
  return {
    files,
    report: {
      title,
      id,
      module,
      name,
      trigger: `${trigger.says}${isActive ? '' : ', switched off'}`,
      outcome: outcomeOf([...notes.map(({ outcome }) => outcome), ...reports.map(({ outcome }) => outcome)]),
      notes: notes.map((note) => note.text),
      tasks: reports,
      files: files.map((file) => `${file.name}.xml`),
    },
  };
}

function activeNotes({ isActive, tasks }: ExportedWorkflow, hasTasks: boolean): Note[] {
  if (!isActive) return [{ outcome: 'kept', text: 'it was switched off and stays so: active="false"' }];
  if (hasTasks) return [];
  const why = tasks.length === 0 ? 'it has no tasks' : 'none of its tasks could be brought over';
  return [{ outcome: 'dropped', text: `${why}: active="false"` }];
}

function mapsOf(nodes: readonly WrittenNode[]): string[] {
  return nodes.flatMap((node) => ('name' in node && node.name === 'webservice' ? [node.attributes['map'] ?? ''] : []));
}

function documentText(params: {
  readonly context: TaskContext;
  readonly isActive: boolean;
  readonly trigger: readonly WrittenNode[];
  readonly tasks: readonly WrittenNode[];
}): string {
  const { context, isActive, trigger, tasks } = params;
  const { title, module, purpose, id } = context.workflow;
  const origin = `from coreBOS${id === undefined ? '' : `, workflow ${id}`}`;
  return writeXml(
    element(
      'workflow',
      {
        xmlns: NATIVE_NAMESPACE,
        name: context.name,
        label: title === '' ? undefined : title,
        module: module === '' ? undefined : module,
        active: isActive ? undefined : 'false',
      },
      [
        { comment: origin },
        ...(purpose === '' ? [] : [element('description', {}, { text: purpose, as: 'text' })]),
        ...trigger,
        element('tasks', {}, tasks),
      ],
    ),
  );
}
