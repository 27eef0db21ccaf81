import { isOutcome, keepText, type KeptKind } from '../../core/retention.ts';
import type { KeptEntry, RetentionReport } from '../../runtime/retention/retention-administration.ts';
import { renderAge } from '../duration.ts';
import { renderTable } from '../table.ts';

const TITLES: Readonly<Record<KeptKind, string>> = {
  completed: 'runs that completed',
  handled: 'runs that an error plan led on',
  failed: 'runs that failed',
  canceled: 'runs that were canceled',
  history: 'changes of records',
  audit: 'who changed what',
};

/** How long everything is kept, what goes, and what went. */
export function renderRetention({ kinds, workflows, last }: RetentionReport, now: number): string[] {
  const columns = [
    { title: 'KIND' },
    { title: 'WHAT', gives: true },
    { title: 'KEPT' },
    { title: 'AT MOST', align: 'right' as const },
    { title: 'TO GO NOW', align: 'right' as const },
  ];
  const rows = kinds.map((one) => [
    one.kind,
    TITLES[one.kind],
    `${keepText(one.keepMs)}${one.isSet ? '' : ' (default)'}`,
    one.atMost === null ? '' : number(one.atMost),
    one.due === undefined ? '' : number(one.due),
  ]);
  return [
    ...renderTable(columns, rows),
    ...workflows.flatMap(({ workflow, keepMs, keepFailedMs }) => [
      ...(keepMs === undefined ? [] : [`workflow ${workflow}: completed runs ${keepText(keepMs)}`]),
      ...(keepFailedMs === undefined ? [] : [`workflow ${workflow}: other runs ${keepText(keepFailedMs)}`]),
    ]),
    '',
    ...renderLast(last, now),
  ];
}

/** What a change of one kind removes, in one sentence. */
export function renderRemoval({ kinds }: RetentionReport, kind: KeptKind, mood: 'would be' | 'are'): string {
  const entry = kinds.find((one) => one.kind === kind);
  if (entry === undefined) return '';
  if (entry.keepMs === null && entry.atMost === null) return `${kind}: nothing is ever removed`;
  if (!isOutcome(kind)) return `${kind}: what is older than ${day(entry)} ${mood} removed`;
  const when = entry.before === undefined ? '' : ` that ended before ${day(entry)}`;
  const many = entry.atMost === null ? '' : `${when === '' ? '' : ', or'} beyond the newest ${number(entry.atMost)}`;
  return `${number(entry.due ?? 0)} ${kind} runs ${mood} removed now:${when}${many}`;
}

function renderLast({ startedAt, endedAt, left, removed }: RetentionReport['last'], now: number): string[] {
  if (startedAt === undefined || endedAt === undefined)
    return ['nothing was removed yet; it happens while a server runs'];
  const all = Object.entries(removed).map(([kind, count]) => `${kind} ${number(count)}`);
  return [
    `last looked ${renderAge(now - endedAt)} ago, took ${renderAge(endedAt - startedAt)}, ${number(left)} runs left over that something needs`,
    ...(all.length === 0 ? [] : [`removed so far: ${all.join(', ')}`]),
  ];
}

function day({ before = 0 }: KeptEntry): string {
  return new Date(before).toISOString().slice(0, 10);
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
