import { Counter, Histogram, Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import type { Observation } from '../../core/observation.ts';
import type { AnsweredCall } from '../webservice/answered-call.ts';
import { BacklogGauges } from './backlog-gauges.ts';
import { BoundedLabel } from './bounded-label.ts';
import { countEvents } from './event-counts.ts';
import type { EventSource } from './event-source.ts';
import { gaugeProcess } from './process-gauges.ts';

/** The figures of one process, as Prometheus reads them. */
export interface Metrics {
  readonly contentType: string;
  /** In the text format of Prometheus. Never rejects for the database: what it would tell is left out then. */
  text(): Promise<string>;
  /** Counts a request of the web service. */
  answered(call: AnsweredCall): void;
  /** Listens no more. */
  stop(): void;
}

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Requests that name no operation, or one that there is not. */
const NO_OPERATION = 'none';

/** Begins to count. What happened before is not in the figures. */
export function createMetrics(params: {
  readonly observation: Observation;
  readonly events: EventSource;
  readonly clock: Clock;
  readonly version: string;
}): Metrics {
  const { observation, events, clock, version } = params;
  const registry = new Registry();
  const registers = [registry];
  const labels = {
    workflow: new BoundedLabel(),
    destination: new BoundedLabel(),
    schedule: new BoundedLabel(),
  };
  const backlog = new BacklogGauges(registry, { observation, labels, clock });
  const stops = [countEvents({ registry, events, labels, clock }), gaugeProcess({ registry, observation, version })];
  const requests = new Counter({
    name: 'mapwright_webservice_requests_total',
    help: 'Requests of the web service, by what was answered; code is ok or the code of an error.',
    labelNames: ['operation', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'mapwright_webservice_duration_seconds',
    help: 'From the arrival of a request to its answer.',
    labelNames: ['operation'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  return {
    contentType: registry.contentType,
    async text() {
      await backlog.refresh();
      return registry.metrics();
    },
    answered({ operation = NO_OPERATION, code = 'ok', durationMs }) {
      requests.inc({ operation, code });
      seconds.observe({ operation }, durationMs / 1000);
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}
