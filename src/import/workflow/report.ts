/** What became of a workflow or a task: it does what it did; in another way; less than it did; nothing. */
export type Outcome = 'kept' | 'changed' | 'partly' | 'dropped';

/** What a note tells of: something that is as it was, that is done in another way, or that is not done any more. */
export type NoteKind = 'kept' | 'changed' | 'dropped';

/** One thing that somebody has to know. */
export interface Note {
  readonly outcome: NoteKind;
  /** What is different and why, and what to do. */
  readonly text: string;
}

/** What became of a task. */
export interface TaskReport {
  readonly summary: string;
  /** Its class in coreBOS; undefined for one that could not be read. */
  readonly className: string | undefined;
  /** The tasks of the new workflow that do its work. */
  readonly ids: readonly string[];
  readonly outcome: Outcome;
  readonly notes: readonly string[];
}

/** What became of a workflow. */
export interface WorkflowReport {
  readonly title: string;
  readonly id: string | undefined;
  readonly module: string;
  /** The new workflow; undefined when there is none. */
  readonly name: string | undefined;
  /** Its trigger, as the document says it. */
  readonly trigger: string | undefined;
  readonly outcome: Outcome;
  readonly notes: readonly string[];
  readonly tasks: readonly TaskReport[];
  /** The documents, `send-accounts.xml` first. */
  readonly files: readonly string[];
}

/** Of a part that is there: whether anything in it differs, or is missing. */
export function outcomeOf(outcomes: readonly (Outcome | NoteKind)[]): Outcome {
  if (outcomes.some((one) => one === 'dropped' || one === 'partly')) return 'partly';
  return outcomes.includes('changed') ? 'changed' : 'kept';
}
