import { element, type WrittenNode } from '../../xml/write.ts';
import type { ExportedWorkflow, Execution } from '../export/exported-workflow.ts';
import { activeWindow } from './active-window.ts';
import { convertConditions, isNothing } from './conditions.ts';
import type { Known } from './knowledge.ts';
import type { Note } from './report.ts';
import { scheduledTriggers, withoutChanges } from './scheduled-triggers.ts';

const EVENTS = {
  'first-save': 'create',
  once: 'first-true',
  'every-save': 'save',
  modify: 'update',
  delete: 'delete',
  manual: 'manual',
  relate: 'relate',
  unrelate: 'unrelate',
  schedule: 'schedule',
} as const satisfies Partial<Record<Execution, string>>;

/** The `<trigger>` of a workflow, in words too. */
export interface ConvertedTrigger {
  readonly nodes: readonly WrittenNode[];
  readonly says: string;
  readonly notes: readonly Note[];
  /** False when the workflow must not run as it is. */
  readonly isSound: boolean;
}

/** What starts the workflow. Conditions stand word for word; of a scheduled one those about a change are left out. */
export function convertTrigger(
  workflow: ExportedWorkflow,
  execution: Exclude<Execution, 'access-control'>,
  known: Known,
): ConvertedTrigger {
  const on = EVENTS[execution];
  const conditions = convertConditions(
    on === 'schedule' && !isNothing(workflow.conditions) ? withoutChanges(workflow.conditions) : workflow.conditions,
  );
  const window = activeWindow(workflow.startsOn, workflow.endsOn);
  // A trigger that fires once needs something to become true.
  const when = window ?? (on === 'first-true' && conditions.nodes.length === 0 ? 'true' : undefined);
  const notes: Note[] = [];
  if (window !== undefined) {
    const from = workflow.startsOn === '' ? '' : ` from ${workflow.startsOn}`;
    const to = workflow.endsOn === '' ? '' : ` to ${workflow.endsOn}`;
    const text = `it is active${from}${to} only, in the install's time zone: when="..." in its trigger`;
    notes.push({ outcome: 'changed', text });
  }
  if (!conditions.ok) {
    const text = `its conditions cannot be read (${conditions.reason}); coreBOS took that for true. It is switched off: active="false"`;
    notes.push({ outcome: 'dropped', text });
  }
  if (on === 'schedule') {
    const { nodes, says, notes: more } = scheduledTriggers(workflow, { known, when, conditions: conditions.nodes });
    return { nodes, says, notes: [...notes, ...more], isSound: conditions.ok };
  }
  const other = on === 'relate' || on === 'unrelate' ? otherModule(workflow.relatedModule) : undefined;
  const condition = conditions.ok && conditions.nodes.length > 0 ? ', on conditions' : '';
  return {
    nodes: [element('trigger', { on, to: other, when }, conditions.nodes)],
    says: `${on}${other === undefined ? '' : ` to ${other}`}${condition}`,
    notes,
    isSound: conditions.ok,
  };
}

function otherModule(name: string): string | undefined {
  return name === '' || /^any$/iu.test(name) ? undefined : name;
}
