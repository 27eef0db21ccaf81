import { Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import type { Observation } from '../../core/observation.ts';
import type { AnsweredApiCall } from '../api/answered-api-call.ts';
import type { AnsweredCall } from '../webservice/answered-call.ts';
import { BacklogGauges } from './backlog-gauges.ts';
import { BoundedLabel } from './bounded-label.ts';
import { countEvents } from './event-counts.ts';
import { countRequests } from './request-counts.ts';
import type { EventSource } from './event-source.ts';
import { gaugeProcess } from './process-gauges.ts';

/** The figures of one process, as Prometheus reads them. */
export interface Metrics {
  readonly contentType: string;
  /** In the text format of Prometheus. Never rejects for the database: what it would tell is left out then. */
  text(): Promise<string>;
  /** Counts a request of the web service. */
  answered(call: AnsweredCall): void;
  /** Counts a request of the REST API. */
  apiAnswered(call: AnsweredApiCall): void;
  /** Listens no more. */
  stop(): void;
}

/** Begins to count. What happened before is not in the figures. */
export function createMetrics(params: {
  readonly observation: Observation;
  readonly events: EventSource;
  readonly clock: Clock;
  readonly version: string;
}): Metrics {
  const { observation, events, clock, version } = params;
  const registry = new Registry();
  const labels = {
    workflow: new BoundedLabel(),
    destination: new BoundedLabel(),
    schedule: new BoundedLabel(),
  };
  const backlog = new BacklogGauges(registry, { observation, labels, clock });
  const stops = [countEvents({ registry, events, labels, clock }), gaugeProcess({ registry, observation, version })];
  return {
    contentType: registry.contentType,
    async text() {
      await backlog.refresh();
      return registry.metrics();
    },
    ...countRequests(registry),
    stop() {
      for (const stop of stops) stop();
    },
  };
}
