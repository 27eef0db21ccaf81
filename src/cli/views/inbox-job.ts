import type { InboxJob, InboxJobItem } from '../../core/inbox.ts';
import type { InboxPreview } from '../../runtime/inbox-administration.ts';
import { renderAge, renderMoment } from '../duration.ts';
import { renderTable } from '../table.ts';
import { oneLine } from '../text-layout.ts';

const SHOWN_CAUSES = 5;

/** `this would retry 3,512 runs of 2 workflows to warehouse`, and their causes. */
export function renderPreview(
  { count, groups }: InboxPreview,
  { would, isAsked }: { readonly would: string; readonly isAsked: boolean },
): string[] {
  if (count === 0) return ['nothing in the inbox is like that: nothing would be done'];
  const workflows = new Set(groups.map(({ workflow }) => workflow));
  const destinations = [...new Set(groups.map(({ destination }) => destination))].filter((one) => one !== '');
  const to =
    destinations.length === 0
      ? ''
      : ` to ${destinations.slice(0, SHOWN_CAUSES).join(', ')}${destinations.length > SHOWN_CAUSES ? ' and others' : ''}`;
  const first = `this would ${would} ${amount(count, 'run')} of ${workflows.size === 1 ? [...workflows].join('') : amount(workflows.size, 'workflow')}${to}`;
  if (isAsked) return [oneLine(first)];
  const more = groups.length > SHOWN_CAUSES ? [`  and ${groups.length - SHOWN_CAUSES} other causes`] : [];
  return [
    oneLine(first),
    ...groups
      .slice(0, SHOWN_CAUSES)
      .map(({ count: of, code, workflow, example }) =>
        oneLine(`  ${amount(of)} x ${code} in ${workflow}, as run ${example.run}`),
      ),
    ...more,
  ];
}

/** That a command on many runs has been taken on. */
export function renderJobBegun(job: InboxJob, would: string): string[] {
  return [
    `job ${job.id}: ${would} ${amount(job.counts.pending, 'run')}, at most ${job.perSecond} in a second`,
    `how far it is: mapwright inbox jobs show ${job.id}   to end it: mapwright inbox jobs stop ${job.id}`,
  ];
}

/** One line per job. */
export function renderJobs(jobs: readonly InboxJob[], now: number): string[] {
  if (jobs.length === 0) return ['no jobs: no command was given for many runs'];
  const rows = jobs.map((job) => [
    String(job.id),
    commandOf(job),
    job.state,
    renderCounts(job),
    job.by,
    renderAge(now - job.at),
  ]);
  const columns = [
    { title: 'job', align: 'right' },
    { title: 'command' },
    { title: 'state' },
    { title: 'runs', gives: true },
    { title: 'by' },
    { title: 'age', align: 'right' },
  ] as const;
  return renderTable(columns, rows);
}

/** A job with a page of its runs. */
export function renderJob(
  job: InboxJob & { readonly items: readonly InboxJobItem[] },
  { now, limit }: { readonly now: number; readonly limit: number },
): string[] {
  const rows = job.items.map(({ run, state, code, message }) => [
    String(run),
    state,
    `${code ?? ''} ${message ?? ''}`.trim(),
  ]);
  const last = job.items.at(-1)?.run;
  return [
    oneLine(`job ${job.id}   ${commandOf(job)}   ${job.state}   ${renderCounts(job)}`),
    oneLine(
      `  given by ${job.by} (${job.origin}) at ${renderMoment(job.at)}, ${renderAge(now - job.at)} ago${job.reason === undefined ? '' : `: ${job.reason}`}`,
    ),
    '',
    ...renderTable([{ title: 'run', align: 'right' }, { title: 'state' }, { title: '', gives: true }], rows),
    ...(rows.length === limit && last !== undefined ? ['', `more: --after ${last}`] : []),
    ...(job.state === 'running'
      ? [
          '',
          `to leave the rest: mapwright inbox jobs stop ${job.id}   to take back what has not begun too: mapwright inbox jobs undo ${job.id}`,
        ]
      : []),
  ];
}

function commandOf({ command }: InboxJob): string {
  return typeof command['kind'] === 'string' ? command['kind'] : '';
}

function renderCounts({ counts }: InboxJob): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return told.length === 0 ? 'none' : told.map(([state, count]) => `${amount(count)} ${state}`).join(', ');
}

function amount(count: number, what?: string): string {
  const number = count.toLocaleString('en-US');
  return what === undefined ? number : `${number} ${what}${count === 1 ? '' : 's'}`;
}
