import { type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import { type Catalog, compileCatalog } from '../catalog/catalog.ts';
import { planSentences } from '../catalog/plan-sentence.ts';
import type { Document } from '../document/document.ts';
import { readDocuments } from '../document/read-documents.ts';
import type { CheckReport, DocumentChange, SourceFile, WorkflowPlans } from './administration.ts';
import { type Moment, scheduleTimes } from './schedule/schedule-times.ts';
import { checkMapTestValues } from './map-test-values.ts';

/** Files as far as they could be read, with every problem found in reading them. */
export function readFiles(sources: readonly SourceFile[]): {
  readonly documents: readonly Document[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const results = sources.map(readDocuments);
  return {
    documents: results.flatMap((result) => result.documents),
    diagnostics: results.flatMap((result) => result.diagnostics),
  };
}

/**
 * Reads and compiles documents that stand for themselves: every name must be among them. Never throws.
 * @param moment from when on to tell when schedules fire
 */
export function checkDocuments(sources: readonly SourceFile[], moment?: Moment): CheckReport {
  const read = readFiles(sources);
  const { catalog, diagnostics } = compileCatalog(read.documents, 0);
  return {
    counts: countKinds(read.documents),
    plans: workflowPlans(catalog),
    ...(moment === undefined ? {} : { schedules: scheduleTimes(catalog, moment) }),
    diagnostics: joinDiagnostics(read.diagnostics, [...diagnostics, ...checkMapTestValues(read.documents, catalog)]),
  };
}

/** The sentences of the workflows that have error plans; of all workflows when none are named. */
export function workflowPlans({ workflows }: Pick<Catalog, 'workflows'>, names?: ReadonlySet<string>): WorkflowPlans[] {
  return [...workflows.values()].flatMap((workflow) => {
    const tasks = names === undefined || names.has(workflow.name) ? planSentences(workflow) : [];
    return tasks.length === 0 ? [] : [{ workflow: workflow.name, tasks }];
  });
}

/** The names of the workflows that are added or changed. */
export function changedWorkflows(changes: readonly DocumentChange[]): ReadonlySet<string> {
  const differing = changes.filter(
    ({ kind, change }) => kind === 'workflow' && (change === 'added' || change === 'changed'),
  );
  return new Set(differing.map(({ name }) => name));
}

/** How many documents there are of each kind. */
export function countKinds(documents: readonly Document[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of documents) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * Problems of reading and of compiling together. A name that is missing because its document could not be read has its
 * cause among the first; it is still told, for the file may be another.
 */
export function joinDiagnostics(read: readonly Diagnostic[], compiled: readonly Diagnostic[]): Diagnostic[] {
  return sortDiagnostics([...read, ...compiled]);
}
