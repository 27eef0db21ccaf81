import { Hono } from 'hono';
import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import type { Observation } from '../../core/observation.ts';
import { mayReadMetrics } from '../metrics/metrics-access.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { FINE, type CheckResult, type Verdict, verdictOf } from './check-result.ts';
import { StoreCheck } from './store-check.ts';
import { checkWorkerAlive, checkWorkerClaims } from './worker-check.ts';

/** What a process is asked about itself. */
export interface HealthParts {
  readonly observation: Observation;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** True once it takes no more calls. */
  readonly isDraining: () => boolean;
  /** Aborted, with the reason, when a newer program has changed the database. */
  readonly outdated: AbortSignal;
}

const UNCACHED = { 'Cache-Control': 'no-store' };

/**
 * `/health`: whether the process lives (restart it when not). `/ready`: whether work should be sent to it. Both answer 200
 * or 503 with the reasons. `/metrics`: figures for Prometheus, for readers on this machine or with the token.
 */
export function createHealthApp(parts: HealthParts): Hono {
  const { observation, metrics, clock, isDraining, outdated } = parts;
  const store = new StoreCheck(observation.store, clock);
  const app = new Hono();
  app.get('/health', () => answer(verdictOf({ worker: checkWorkerAlive(observation.pulse, clock.now()) })));
  app.get('/ready', async () =>
    answer(
      verdictOf({
        serving: isDraining() ? { ok: false, reason: 'it is about to stop and takes no more calls' } : FINE,
        version: checkVersion(outdated),
        // While it stops, the database may be closed already.
        store: isDraining() ? FINE : await store.result(),
        worker: checkWorkerClaims(observation.pulse, clock.now()),
      }),
    ),
  );
  app.get('/metrics', async (context) => {
    const refusal = await mayReadMetrics(context, observation);
    if (refusal !== undefined) return refusal;
    return new Response(await metrics.text(), { headers: { ...UNCACHED, 'Content-Type': metrics.contentType } });
  });
  return app;
}

function answer(verdict: Verdict): Response {
  return Response.json(verdict, { status: verdict.status === 'ok' ? 200 : 503, headers: UNCACHED });
}

function checkVersion({ aborted, reason }: AbortSignal): CheckResult {
  if (!aborted) return FINE;
  const code = reason instanceof MapwrightError ? reason.code : 'STORE_NEWER';
  return { ok: false, reason: 'the database is of a newer version than this program', code };
}
