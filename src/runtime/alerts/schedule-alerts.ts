import type { FailureStreak, ScheduleState } from '../../core/schedule.ts';
import { type Alert, dayOf, momentWords } from './alert.ts';

/** That a schedule fails: once for each cause and day; and once that it is well again, to whoever was told. */
export function scheduleAlerts(states: readonly ScheduleState[]): Alert[] {
  return states.flatMap(({ name, last }) => {
    if (last?.failing !== undefined) return [failing(name, last.failing)];
    if (last?.recovered !== undefined) return [well(name, last.recovered)];
    return [];
  });
}

function failing(name: string, streak: FailureStreak): Alert {
  const { since, slots, reason } = streak;
  const often = slots === 1 ? '' : `, ${slots} slots in a row since ${momentWords(since)}`;
  return {
    topic: topicOf(name),
    key: failingKey(name, streak),
    text: [
      `The schedule ${name} starts nothing: choosing its records fails${often}`,
      reason,
      'It is tried again with its next slot. mapwright schedules list shows where it stands; mapwright schedules run-now tries at once.',
    ].join('\n'),
  };
}

function well(name: string, streak: FailureStreak): Alert {
  const told = failingKey(name, streak);
  return {
    topic: topicOf(name),
    key: `${told}\nwell`,
    after: [told],
    text: `The schedule ${name} is well again, after ${streak.slots} failed ${streak.slots === 1 ? 'slot' : 'slots'} since ${momentWords(streak.since)}`,
  };
}

function topicOf(name: string): string {
  return `schedule ${name}`;
}

function failingKey(name: string, { code, at }: FailureStreak): string {
  return ['schedule', name, code, dayOf(at)].join('\n');
}
