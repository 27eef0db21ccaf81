import type { DiffHunk, DiffLine } from '../line-diff.ts';
import { diffLines } from '../line-diff.ts';
import type { DocumentChange, ModuleChange, PlanReport, SourceFile, TextChange } from '../../runtime/administration.ts';
import { hasErrors } from '../../core/diagnostic.ts';
import { PAGE_WIDTH } from '../table.ts';
import { fold, printable } from '../text-layout.ts';
import { CHANGE_MARKS, count, renderDiagnostics, renderSeverities, renderWorkflowPlans } from './documents-report.ts';
import { foldHanging } from './exchange.ts';
import { renderScheduleTimes } from './schedule-times.ts';

const COLOURS = { removed: '\u001b[31m', added: '\u001b[32m', heading: '\u001b[36m', end: '\u001b[0m' } as const;
const SIGNS = { removed: '-', added: '+', same: ' ' } as const;

/** What `apply` would change: each document, the lines that differ, modules, runs, and what `check` says. */
export function renderPlanReport(
  plan: PlanReport,
  params: { readonly sources: readonly SourceFile[]; readonly colours: boolean },
): string[] {
  const differing = plan.changes.filter(({ change }) => change !== 'unchanged');
  const shown = differing.filter(({ change }) => change !== 'changed');
  return [
    ...renderDiagnostics(plan.diagnostics, params.sources),
    ...shown.map(renderChange),
    ...plan.texts.flatMap((text) => renderText(text, params.colours)),
    ...plan.modules.flatMap(renderModule),
    ...renderScheduleTimes(plan.schedules ?? []),
    ...renderWorkflowPlans(plan.plans),
    ...renderUnfinished(plan, differing),
    ...renderOutcome(plan, differing),
  ];
}

function renderChange({ kind, name, change }: DocumentChange): string {
  return `${change === 'unchanged' ? ' ' : CHANGE_MARKS[change]} ${kind} ${name}`;
}

/** The lines in which two texts of a file differ. */
export function renderText({ file, documents, before, after }: TextChange, colours: boolean): string[] {
  const names = documents.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const title = foldHanging(`~ ${names}   ${printable(file)}`, PAGE_WIDTH);
  const diff = diffLines(before, after);
  switch (diff.kind) {
    case 'hunks':
      return [...title, ...diff.hunks.flatMap((hunk) => renderHunk(hunk, colours))];
    case 'line-ends':
      return [...title, '    only the ends of lines differ'];
    case 'too-long':
      return [
        ...title,
        `    ${count(diff.before, 'line')} before, ${count(diff.after, 'line')} now: too long to compare`,
      ];
    case 'equal':
      return title;
  }
}

/** The hunk with its place, as `diff --unified` writes it. */
export function renderHunk(hunk: DiffHunk, colours: boolean): string[] {
  const old = hunk.lines.filter(({ kind }) => kind !== 'added').length;
  const now = hunk.lines.filter(({ kind }) => kind !== 'removed').length;
  const heading = `@@ -${hunk.oldStart},${old} +${hunk.newStart},${now} @@`;
  const lines = hunk.lines.flatMap((line) => renderLine(line, colours));
  return [`    ${colours ? COLOURS.heading + heading + COLOURS.end : heading}`, ...lines];
}

/** Folded where it is too wide: what changed may stand at the line's end. */
function renderLine({ kind, text }: DiffLine, colours: boolean): string[] {
  const pieces = fold(printable(text), PAGE_WIDTH - 8);
  return pieces.map((piece, index) => {
    const line = `${SIGNS[kind]} ${index === 0 ? '' : '  '}${piece}`.trimEnd();
    return `    ${colours && kind !== 'same' ? COLOURS[kind] + line + COLOURS.end : line}`.trimEnd();
  });
}

function renderModule({ module, isNew, columns, indexes, hidden }: ModuleChange): string[] {
  if (isNew) return [`module ${module}: a table is made for its records`];
  const parts = [
    ...(columns.length === 0 ? [] : [`adds ${nounOf(columns, 'column')} ${columns.join(', ')}`]),
    ...(indexes.length === 0 ? [] : [`adds ${nounOf(indexes, 'index', 'indexes')} on ${indexes.join(', ')}`]),
    ...(hidden.length === 0 ? [] : [`no longer shows ${hidden.join(', ')} (the values are kept)`]),
  ];
  return foldHanging(`module ${module}: ${parts.join('; ')}`, PAGE_WIDTH);
}

function nounOf(list: readonly string[], one: string, several = `${one}s`): string {
  return list.length === 1 ? one : several;
}

function renderUnfinished({ unfinished, revision }: PlanReport, differing: readonly DocumentChange[]): string[] {
  const names = Object.keys(unfinished);
  if (names.length === 0 || differing.length === 0) return [];
  const total = names.reduce((sum, name) => sum + (unfinished[name] ?? 0), 0);
  const each = names.map((name) => `${name} ${unfinished[name] ?? 0}`).join(', ');
  const keep = total === 1 ? 'keeps to the revision it was' : 'keep to the revision they were';
  return foldHanging(`${count(total, 'unfinished run')} ${keep} accepted with (now ${revision}): ${each}`, PAGE_WIDTH);
}

function renderOutcome(plan: PlanReport, differing: readonly DocumentChange[]): string[] {
  const severities = renderSeverities(plan.diagnostics);
  if (hasErrors(plan.diagnostics)) return [`apply would change nothing: ${severities}`];
  const unchanged = plan.changes.length - differing.length;
  if (differing.length === 0) return [`nothing differs from revision ${plan.revision} (${severities})`];
  const of = (change: DocumentChange['change']): number => differing.filter((one) => one.change === change).length;
  const numbers = `${of('added')} added, ${of('changed')} changed, ${of('removed')} removed, ${unchanged} unchanged`;
  return [`apply would make revision ${plan.revision + 1}: ${numbers} (${severities})`];
}
