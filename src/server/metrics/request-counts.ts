import { Counter, Histogram, type Registry } from 'prom-client';
import type { Metrics } from './metrics.ts';

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Requests that name no operation or path, or one that there is not. */
const NONE = 'none';

/** Counts the requests that are answered; labels are of what the program knows, so nobody can make series by asking. */
export function countRequests(registry: Registry): Pick<Metrics, 'answered' | 'apiAnswered'> {
  const registers = [registry];
  const buckets = REQUEST_SECONDS;
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
    buckets,
    registers,
  });
  const apiRequests = new Counter({
    name: 'mapwright_api_requests_total',
    help: 'Requests of the REST API, by the pattern of their path and the class of the status.',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const apiSeconds = new Histogram({
    name: 'mapwright_api_duration_seconds',
    help: 'From the arrival of a request of the REST API until its answer began.',
    labelNames: ['route', 'method'],
    buckets,
    registers,
  });
  return {
    answered({ operation = NONE, code = 'ok', durationMs }) {
      requests.inc({ operation, code });
      seconds.observe({ operation }, durationMs / 1000);
    },
    apiAnswered({ route = NONE, method, status, durationMs }) {
      apiRequests.inc({ route, method, status: `${Math.floor(status / 100)}xx` });
      apiSeconds.observe({ route, method }, durationMs / 1000);
    },
  };
}
