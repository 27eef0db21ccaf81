import { randomUUID } from 'node:crypto';
import type { createWebserviceApp } from '../server/webservice/webservice-app.ts';
import type { EngineEvent } from '../engine/engine.ts';
import type { Install } from '../runtime/install.ts';
import { VERSION } from '../runtime/version.ts';
import { createApiApp } from '../server/api/api-app.ts';
import type { InstallLog } from '../server/log/install-log.ts';
import type { Metrics } from '../server/metrics/metrics.ts';

/** The events of runs, which the API tells. */
const TOLD = ['run-started', 'step-ended', 'run-waiting', 'run-ended'] as const;

/** Adds the REST API of an install to the app that is served. */
export function addApi(params: {
  readonly app: Pick<ReturnType<typeof createWebserviceApp>, 'all'>;
  readonly install: Install;
  readonly proxies: number;
  readonly stopping: AbortSignal;
  readonly log: InstallLog;
  readonly metrics: Metrics;
}): void {
  const { app, install, proxies, stopping, log, metrics } = params;
  const api = createApiApp({
    administrationFor: install.administrationFor,
    access: install.access,
    attempts: install.attempts,
    listen: (listener) => listen(install, listener),
    clock: install.clock,
    ids: { next: () => randomUUID() },
    version: VERSION,
    stopping,
    limits: { proxies },
    log: log.failed,
    onAnswered(call) {
      log.apiAnswered(call);
      metrics.apiAnswered(call);
    },
  });
  app.all('/api/*', (context) => api.fetch(context.req.raw, { ...Object(context.env) }));
}

function listen({ events }: Install, listener: (event: EngineEvent) => void): () => void {
  const ends = TOLD.map((kind) => events.on(kind, listener));
  return () => ends.forEach((end) => end());
}
