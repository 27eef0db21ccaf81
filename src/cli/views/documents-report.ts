import type { Diagnostic } from '../../core/diagnostic.ts';
import { hasErrors, renderDiagnostic, sortDiagnostics } from '../../core/diagnostic.ts';
import type {
  ApplyReport,
  CheckReport,
  DocumentChange,
  SourceFile,
  WorkflowPlans,
} from '../../runtime/administration.ts';
import { PAGE_WIDTH } from '../table.ts';
import { foldHanging, indent } from './exchange.ts';
import { renderScheduleTimes } from './schedule-times.ts';

const KIND_ORDER = ['module', 'service', 'credential', 'map', 'workflow', 'rule', 'mapping'];
/** What stands before a document that differs. */
export const CHANGE_MARKS = { added: '+', changed: '~', removed: '-' } as const;

/** Diagnostics with the lines of their documents, in the order in which people read them. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], sources: readonly SourceFile[]): string[] {
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  return sortDiagnostics(diagnostics).map((diagnostic) => renderDiagnostic(diagnostic, texts.get(diagnostic.file)));
}

/** What happens when the tasks fail: a line for each. */
export function renderWorkflowPlans(plans: readonly WorkflowPlans[]): string[] {
  return plans.flatMap(({ workflow, tasks }) => [
    `when a task of ${workflow} fails:`,
    ...tasks.flatMap(({ task, sentence }) => indent(foldHanging(`${task}: ${sentence}`, PAGE_WIDTH - 2))),
  ]);
}

/** Diagnostics, then what happens when tasks fail, then `checked 1 module, 5 maps: 0 errors, 1 warning`. */
export function renderCheckReport(
  report: CheckReport,
  { sources, explain }: { readonly sources: readonly SourceFile[]; readonly explain: boolean },
): string[] {
  return [
    ...renderDiagnostics(report.diagnostics, sources),
    ...renderScheduleTimes(report.schedules ?? []),
    ...(explain ? renderWorkflowPlans(report.plans) : []),
    `checked ${renderCounts(report.counts)}: ${renderSeverities(report.diagnostics)}`,
  ];
}

/** Diagnostics, a line for every document that differs (`+` added, `~` changed, `-` removed), and the revision. */
export function renderApplyReport(
  report: ApplyReport,
  params: { readonly sources: readonly SourceFile[]; readonly dryRun: boolean },
): string[] {
  return [
    ...renderDiagnostics(report.diagnostics, params.sources),
    ...(hasErrors(report.diagnostics) ? [] : report.changes.flatMap(renderChange)),
    renderOutcome(report, params.dryRun),
  ];
}

function renderChange({ kind, name, change }: DocumentChange): string[] {
  return change === 'unchanged' ? [] : [`${CHANGE_MARKS[change]} ${kind} ${name}`];
}

function renderOutcome(report: ApplyReport, dryRun: boolean): string {
  const severities = renderSeverities(report.diagnostics);
  if (hasErrors(report.diagnostics)) {
    return `nothing applied: ${severities}; revision ${report.revision} stays in force`;
  }
  const differing = report.changes.filter(({ change }) => change !== 'unchanged').length;
  if (differing === 0) return `nothing differs: revision ${report.revision} stays in force (${severities})`;
  if (dryRun) return `would make a revision after ${report.revision} of ${count(differing, 'change')} (${severities})`;
  return `revision ${report.revision} is in force: ${count(differing, 'change')} (${severities})`;
}

function renderCounts(counts: Readonly<Record<string, number>>): string {
  const kinds = Object.keys(counts).filter((kind) => (counts[kind] ?? 0) > 0);
  if (kinds.length === 0) return 'no documents';
  return kinds
    .toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((kind) => count(counts[kind] ?? 0, kind))
    .join(', ');
}

function rank(kind: string): number {
  return KIND_ORDER.includes(kind) ? KIND_ORDER.indexOf(kind) : KIND_ORDER.length;
}

/** `0 errors, 1 warning` */
export function renderSeverities(diagnostics: readonly Diagnostic[]): string {
  const of = (severity: string): number => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return `${count(of('error'), 'error')}, ${count(of('warning'), 'warning')}`;
}

/** `1 map`, `2 maps` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
