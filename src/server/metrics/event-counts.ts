import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import type { CallEndedEvent } from '../../engine/engine-event.ts';
import type { BoundedLabel } from './bounded-label.ts';
import type { EventSource } from './event-source.ts';

/** From a quick answer nearby to the longest that calls usually may take. */
const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const SAVE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** The names that labels are made of. */
export interface Labels {
  readonly workflow: BoundedLabel;
  readonly destination: BoundedLabel;
  readonly schedule: BoundedLabel;
}

/** Counts what happens in this process. Gives the function that ends it. */
export function countEvents(params: {
  readonly registry: Registry;
  readonly events: EventSource;
  readonly labels: Labels;
  readonly clock: Clock;
}): () => void {
  const { events, labels, clock } = params;
  const series = createSeries([params.registry]);
  const stops = [
    events.on('run-accepted', ({ workflow }) => series.accepted.inc({ workflow: labels.workflow.of(workflow) })),
    events.on('run-ended', ({ workflow, status, handled }) =>
      series.ended.inc({ workflow: labels.workflow.of(workflow), status, handled: String(handled) }),
    ),
    events.on('run-waiting', ({ workflow, wait }) =>
      series.put.inc({ workflow: labels.workflow.of(workflow), for: wait.for }),
    ),
    events.on('run-fenced', () => series.fenced.inc()),
    events.on('step-ended', ({ workflow, purpose, status }) => {
      series.steps.inc({ workflow: labels.workflow.of(workflow), purpose, status });
      if (status === 'waiting') series.retries.inc({ workflow: labels.workflow.of(workflow) });
    }),
    events.on('call-ended', ({ destination: name, outcome, durationMs }) => {
      const destination = labels.destination.of(name);
      series.calls.inc({ destination, outcome: outcomeLabel(outcome) });
      series.callSeconds.observe({ destination }, durationMs / 1000);
    }),
    events.on('save-ended', ({ outcome, durationMs }) => {
      series.saves.inc({ outcome });
      series.saveSeconds.observe(durationMs / 1000);
    }),
    events.on('schedule-slot', ({ schedule: name, slot, outcome }) => {
      const schedule = labels.schedule.of(name);
      series.slots.inc({ schedule, outcome });
      if (outcome === 'accepted') series.lag.set({ schedule }, Math.max(0, clock.now() - slot) / 1000);
    }),
    events.on('fault', () => series.faults.inc()),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** `2xx`, or why no whole answer came. */
function outcomeLabel(outcome: CallEndedEvent['outcome']): string {
  return typeof outcome === 'number' ? `${Math.trunc(outcome / 100)}xx` : outcome;
}

function createSeries(registers: Registry[]) {
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]): Counter<T> =>
    new Counter({ name: `mapwright_${name}`, help, labelNames, registers });
  const histogram = <T extends string>(
    name: string,
    { help, buckets }: { readonly help: string; readonly buckets: number[] },
    ...labelNames: T[]
  ): Histogram<T> => new Histogram({ name: `mapwright_${name}`, help, buckets, labelNames, registers });
  return {
    accepted: counter('runs_accepted_total', 'Runs accepted.', 'workflow'),
    ended: counter('runs_ended_total', 'Runs ended; handled: an abort led them on.', 'workflow', 'status', 'handled'),
    put: counter('runs_put_to_wait_total', 'Times that a run was put to wait, by what for.', 'workflow', 'for'),
    fenced: counter('runs_fenced_total', 'Runs that another worker had taken over.'),
    steps: counter('steps_total', 'Tries of steps ended; waiting: tried again later.', 'workflow', 'purpose', 'status'),
    retries: counter('retries_total', 'Failed tries that are made again.', 'workflow'),
    calls: counter('calls_total', 'Calls, by class of status or why no answer came.', 'destination', 'outcome'),
    callSeconds: histogram(
      'call_duration_seconds',
      { help: 'From the start of a call to the last byte of its answer.', buckets: CALL_SECONDS },
      'destination',
    ),
    saves: counter('saves_total', 'Commits of changes and of runs that were started.', 'outcome'),
    saveSeconds: histogram('save_duration_seconds', {
      help: 'From the decision of a change until it is on disk.',
      buckets: SAVE_SECONDS,
    }),
    slots: counter('schedule_slots_total', 'Slots of schedules, by what became of them.', 'schedule', 'outcome'),
    lag: new Gauge({
      name: 'mapwright_schedule_lag_seconds',
      help: 'How long after its time the last slot was accepted whole.',
      labelNames: ['schedule'],
      registers,
    }),
    faults: counter('faults_total', 'Faults that belong to no step; the log tells of each.'),
  };
}
