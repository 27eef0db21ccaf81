import { hasErrors } from '../../core/diagnostic.ts';
import type { ApplyReport, DocumentChange } from '../../runtime/administration.ts';
import type { WatchEvent } from '../document-watch.ts';
import { problemOf, renderProblem } from '../problem.ts';
import { PAGE_WIDTH } from '../table.ts';
import { renderDiagnostics, renderSeverities } from './documents-report.ts';
import { foldHanging } from './exchange.ts';

const MAX_NAMED = 6;

/** What one look at a watched folder came to, as `check` and `apply` would tell it. */
export function renderWatchEvent(event: WatchEvent): string[] {
  if (event.kind === 'failed')
    return [renderProblem(problemOf(event.error)), 'not applied; tried again at the next save'];
  if (event.kind === 'unreadable') {
    return [...renderDiagnostics(event.diagnostics, event.sources), 'not applied: not every file could be read'];
  }
  const { report, sources, leftOver } = event;
  return [
    ...renderDiagnostics(report.diagnostics, sources),
    ...foldHanging(renderOutcome(report), PAGE_WIDTH),
    ...(leftOver.length === 0
      ? []
      : foldHanging(
          `in no file, and still in force: ${named(leftOver)}; --prune takes away what is deleted`,
          PAGE_WIDTH,
        )),
  ];
}

function renderOutcome(report: ApplyReport): string {
  const severities = renderSeverities(report.diagnostics);
  if (hasErrors(report.diagnostics)) return `not applied: ${severities}; revision ${report.revision} stays in force`;
  if (!report.stored) return `nothing differs: revision ${report.revision} stays in force`;
  const parts = (['added', 'changed', 'removed'] as const).flatMap((change) => renderPart(report.changes, change));
  return `applied revision ${report.revision}: ${parts.join(', ')}`;
}

function renderPart(changes: readonly DocumentChange[], wanted: DocumentChange['change']): string[] {
  const names = changes.flatMap(({ kind, name, change }) => (change === wanted ? [`${kind} ${name}`] : []));
  return names.length === 0 ? [] : [`${names.length} ${wanted} (${named(names)})`];
}

function named(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return names.slice(0, MAX_NAMED).join(', ') + more;
}
