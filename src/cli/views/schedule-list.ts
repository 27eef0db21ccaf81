import type { SlotOutcome } from '../../core/schedule.ts';
import type { ScheduleEntry, ScheduleProblem } from '../../runtime/schedule/schedule-administration.ts';
import { renderTable } from '../table.ts';
import { count } from './documents-report.ts';
import { renderSlot } from './schedule-times.ts';

/** All schedules, a line each; what is being worked, or went wrong, in a line below. */
export function renderSchedules(schedules: readonly ScheduleEntry[], now: number): string[] {
  if (schedules.length === 0) return ['no schedule: a workflow with <trigger on="schedule" .../> makes one'];
  const columns = [
    { title: 'schedule' },
    { title: 'fires', gives: true },
    { title: 'next' },
    { title: 'last' },
    { title: 'outcome' },
    { title: 'missed', align: 'right' as const },
  ];
  const rows = schedules.map((one) => [
    one.name,
    `${one.when}, ${one.zone}`,
    nextSlot(one, now),
    one.last === undefined ? '' : renderSlot(one.last.slot, one.zone),
    outcomeWords(one.last),
    one.missedSlots === 0 ? '' : String(one.missedSlots),
  ]);
  const notes = schedules.flatMap((one) => {
    const note = noteOf(one);
    return note === undefined ? [] : [`${one.name}: ${note}`];
  });
  return [...renderTable(columns, rows), ...notes];
}

/** Where one schedule stands, in a sentence. */
export function scheduleState(schedule: ScheduleEntry, now: number): string {
  const { last, paused } = schedule;
  const note = noteOf(schedule);
  const fired = last?.by === undefined ? [] : [`fired by ${last.by}: ${outcomeWords(last)}`];
  const next = paused === undefined ? `next ${nextSlot(schedule, now)}` : 'paused';
  return [...fired, ...(note === undefined ? [] : [note]), `${next}, ${schedule.zone}`].join('; ');
}

function nextSlot({ paused, next, zone }: ScheduleEntry, now: number): string {
  if (paused !== undefined) return 'paused';
  if (next === undefined) return 'never';
  return next <= now ? `due: ${renderSlot(next, zone)}` : renderSlot(next, zone);
}

function outcomeWords(last: SlotOutcome | undefined): string {
  if (last === undefined) return '';
  return last.kind === 'accepted' ? count(last.accepted, 'run') : last.kind;
}

/** What needs a word besides: work that goes on, a pause, a slot that was left out or failed. */
function noteOf({ work, last, paused, zone, problem }: ScheduleEntry): string | undefined {
  if (work !== undefined) {
    const done = `${count(work.accepted, 'run')} accepted of ${count(work.looked, 'record')} looked at`;
    return `the slot of ${renderSlot(work.slot, zone)} is being worked, ${done} so far`;
  }
  if (paused !== undefined) return `paused by ${paused.by} since ${renderSlot(paused.at, zone)}`;
  return problem === undefined ? last?.reason : problemWords(problem, zone);
}

function problemWords({ kind, since, slots, reason }: ScheduleProblem, zone: string): string {
  if (kind === 'broken') return `starts nothing: this program cannot use its document: ${reason}`;
  const often = since === undefined ? '' : ` since ${renderSlot(since, zone)}, ${count(slots ?? 1, 'slot')}`;
  return `fails${often}: ${reason}`;
}
