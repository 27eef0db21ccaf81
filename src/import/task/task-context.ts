import type { WrittenElement, WrittenNode } from '../../xml/write.ts';
import type { ExportedTask, ExportedWorkflow } from '../export/exported-workflow.ts';
import type { Known } from '../workflow/knowledge.ts';
import type { Note } from '../workflow/report.ts';

/** A document that a task needs beside its workflow. */
export interface ExtraFile {
  readonly name: string;
  readonly text: string;
}

/** What the tasks of one workflow are converted in. */
export interface TaskContext {
  readonly workflow: ExportedWorkflow;
  /** The new workflow's name. */
  readonly name: string;
  readonly known: Known;
  /** Ids of tasks that are taken. */
  readonly ids: Set<string>;
  /** A free name for a document of this kind: for those that are made besides. */
  freeName(name: string): string;
  /** The new name of a workflow that a task means by number or by title; undefined when it is not among the exported. */
  workflowNamed(id: string, title: string): ExportedTarget | undefined;
}

/** A workflow that another one starts. */
export interface ExportedTarget {
  readonly name: string;
  readonly module: string;
}

/** What a task becomes. */
export interface Converted {
  /** Its elements, in order; a comment where nothing runs. */
  readonly nodes: readonly WrittenNode[];
  readonly ids: readonly string[];
  readonly notes: readonly Note[];
  readonly files?: readonly ExtraFile[];
}

/** What every element of a task begins with. */
export interface TaskStart {
  readonly id: string;
  readonly attributes: WrittenElement['attributes'];
  /** Its conditions. */
  readonly guards: readonly WrittenNode[];
  readonly notes: readonly Note[];
}

/** Converts the tasks of one class. */
export type TaskConverter = (task: ExportedTask, context: TaskContext) => Converted;
