import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderScheduleTimes } from '../../src/cli/views/schedule-times.ts';
import { displayWidth } from '../../src/cli/text-layout.ts';
import type { ScheduleEntry } from '../../src/runtime/schedule/schedule-administration.ts';
import { fakeAdministration } from './fake-administration.ts';
import { NOW, SCHEDULE } from './fake-answers.ts';
import { runCommand } from './fake-shell.ts';

const WORK = { slot: NOW - 1000, by: undefined, startedAt: NOW, after: '14x9', looked: 1_500, accepted: 1 };

describe('schedules', () => {
  it('are listed with their next and last slot, as clocks of their zone show them', async () => {
    const { output, exitCode } = await runCommand(['schedules'], { administration: fakeAdministration() });
    assert.equal(exitCode, 0);
    const [titles = '', line = '', ...notes] = output.split('\n');
    assert.match(titles, /^schedule +fires +next +last +outcome +missed$/u);
    assert.match(line, /^nightly +at 02:30, Europe\/Berlin +Sat 31 Jan 2026 10:06 +Fri 30 Jan 2026 10:05 +2 runs +1$/u);
    assert.deepEqual(notes, []);
  });

  it('tell what is being worked, who paused, and why a slot failed', async () => {
    const failed = { ...SCHEDULE.last, kind: 'failed', reason: 'RECORDS_UNKNOWN there is no rule' } as const;
    const { last } = SCHEDULE;
    assert.ok(last !== undefined);
    const entries: readonly ScheduleEntry[] = [
      { ...SCHEDULE, name: 'a', work: WORK, next: NOW - 1 },
      { ...SCHEDULE, name: 'b', paused: { at: NOW, by: 'anna' }, next: undefined },
      { ...SCHEDULE, name: 'c', last: { ...last, ...failed }, next: undefined },
      { ...SCHEDULE, name: 'd', problem: { kind: 'failing', since: NOW, slots: 3, reason: 'RECORDS_UNKNOWN no rule' } },
      { ...SCHEDULE, name: 'e', problem: { kind: 'broken', reason: 'XML_SYNTAX no end' }, next: undefined },
    ];
    const administration = { ...fakeAdministration(), schedules: async () => entries };
    const { output } = await runCommand(['schedules', 'list'], { administration });
    const lines = output.split('\n');
    assert.match(lines[1] ?? '', /due: Sat 31 Jan 2026/u);
    assert.match(lines[2] ?? '', / paused /u);
    assert.match(lines[3] ?? '', / never .* failed /u);
    assert.match(lines[6] ?? '', /^a: .*1 run accepted of 1500 records/u);
    assert.match(lines[7] ?? '', /^b: paused by anna since/u);
    assert.match(lines[8] ?? '', /^c: RECORDS_UNKNOWN/u);
    assert.match(lines[9] ?? '', /^d: fails since Sat 31 Jan 2026 10:05, 3 slots: RECORDS_UNKNOWN/u);
    assert.match(lines[10] ?? '', /^e: starts nothing: .*: XML_SYNTAX/u);
    for (const line of lines) assert.ok(displayWidth(line) <= 110, line);
  });

  it('are paused, resumed and run by name, in the name of who says so', async () => {
    const administration = fakeAdministration();
    for (const word of ['pause', 'resume', 'run-now']) {
      const { exitCode } = await runCommand(['schedules', word, 'nightly'], { administration });
      assert.equal(exitCode, 0);
    }
    const commands = administration.calls.map(({ method, params }) => [method, (params as { name: string }).name]);
    assert.deepEqual(commands, [
      ['pauseSchedule', 'nightly'],
      ['resumeSchedule', 'nightly'],
      ['runScheduleNow', 'nightly'],
    ]);
  });

  it('tell when they fire next', async () => {
    const administration = fakeAdministration();
    const { output } = await runCommand(['schedules', 'next', 'nightly', '--count', '2'], { administration });
    assert.deepEqual(output.split('\n'), [
      'Sat 31 Jan 2026 10:05:01   Europe/Berlin',
      'Sat 31 Jan 2026 10:06:01   Europe/Berlin',
    ]);
    assert.deepEqual(administration.calls[0]?.params, { name: 'nightly', count: 2 });
    const { output: json } = await runCommand(['schedules', 'next', 'nightly', '--json'], { administration });
    assert.deepEqual(JSON.parse(json).next, ['2026-01-31T09:05:01.000Z', '2026-01-31T09:06:01.000Z']);
  });

  it('stand in what check tells', () => {
    const times = { schedule: 'nightly', when: 'at 02:30', zone: 'Europe/Berlin', next: [NOW] };
    assert.deepEqual(renderScheduleTimes([times, { ...times, next: [] }]), [
      'schedule nightly: at 02:30, Europe/Berlin',
      '  next: Sat 31 Jan 2026 10:05',
      'schedule nightly: at 02:30, Europe/Berlin',
      '  it fires no more',
    ]);
  });
});
