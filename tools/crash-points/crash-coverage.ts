import type { StepPurpose } from '../../src/core/step.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import type { Task } from '../../src/document/task.ts';
import { TRIGGER_EVENTS, type WorkflowDocument } from '../../src/document/workflow.ts';
import { rowsOf } from './crash-evidence.ts';
import type { CalmLife } from './crash-run.ts';
import type { CrashScenario } from './scenario.ts';
import { DEEDS } from './scenarios/inbox.ts';
import { storeWrites } from './store-writes.ts';

/** A scenario, and how it goes when nobody dies. */
export interface LivedScenario {
  readonly scenario: CrashScenario;
  readonly calm: Pick<CalmLife, 'places' | 'evidence'>;
}

/** Every kind of task: one that is added does not compile until it stands here. */
const TASK_KINDS: Readonly<Record<Task['kind'], true>> = {
  webservice: true,
  'set-fields': true,
  'create-record': true,
  upsert: true,
  expression: true,
  launch: true,
  notify: true,
  email: true,
  choose: true,
  end: true,
};

const PURPOSES: Readonly<Record<StepPurpose, true>> = { main: true, renew: true, cleanup: true, look: true };

const CALLS = ['native map', 'coreBOS map', 'SOAP map', 'in doubt: resend', 'in doubt: ask', 'in doubt: look'] as const;

/** Everything in which a crash has to be tried: `task email`, `write journal.settle`. */
export function wantedCoverage(): readonly string[] {
  return [
    ...storeWrites().map((write) => `write ${write}`),
    ...Object.keys(TASK_KINDS).map((kind) => `task ${kind}`),
    ...Object.keys(PURPOSES).map((purpose) => `step ${purpose}`),
    ...Object.keys(DEEDS).map((command) => `command ${command}`),
    ...TRIGGER_EVENTS.map((event) => `trigger ${event}`),
    ...CALLS.map((call) => `call ${call}`),
  ];
}

/** What of it the scenarios have really done. */
export function coverageOf(lived: readonly LivedScenario[]): ReadonlySet<string> {
  return new Set(lived.flatMap(coveredBy));
}

function coveredBy({ scenario, calm }: LivedScenario): readonly string[] {
  const { atEnd } = calm.evidence;
  const documents = scenario.documents.flatMap((file) => readDocuments(file).documents);
  const workflows = documents.filter((document) => document.kind === 'workflow');
  const maps = documents.filter((document) => document.kind === 'map');
  const tasks = new Map(workflows.flatMap(tasksOf));
  const names = new Map(rowsOf(atEnd, 'runs').map(({ id, workflow }) => [String(id), String(workflow)]));
  const ran = new Set(names.values());
  const done = rowsOf(atEnd, 'steps').filter(({ status }) => status === 'done');
  return [
    ...calm.places.map((place) => place.replace(/^\w+/u, 'write')),
    ...done.map(({ run, task }) => `task ${tasks.get(`${names.get(String(run))} ${String(task)}`)?.kind}`),
    ...rowsOf(atEnd, 'steps').map(({ purpose }) => `step ${String(purpose)}`),
    ...rowsOf(atEnd, 'audit').map(({ action }) => `command ${String(action)}`),
    ...workflows.flatMap(({ name, triggers }) => (ran.has(name) ? triggers.map(({ on }) => `trigger ${on}`) : [])),
    ...maps.flatMap(({ dialect, call }) => {
      const isSoap = call.protocol === 'soap';
      const way = dialect === 'native' ? 'native map' : isSoap ? 'SOAP map' : 'coreBOS map';
      return [`call ${way}`, `call in doubt: ${call.look === undefined ? call.inDoubt : 'look'}`];
    }),
  ];
}

function tasksOf({ name, tasks }: WorkflowDocument): [string, Task][] {
  return nested(tasks).map((task) => [`${name} ${task.id}`, task]);
}

function nested(tasks: readonly Task[]): readonly Task[] {
  return tasks.flatMap((task) =>
    task.kind === 'choose'
      ? [task, ...nested([...task.branches.flatMap((branch) => branch.tasks), ...task.otherwise])]
      : [task],
  );
}
