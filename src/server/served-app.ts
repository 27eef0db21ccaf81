import { Hono } from 'hono';
import type { Drain } from './drain.ts';
import { createHealthApp, type HealthParts } from './health/health-app.ts';

/** All that a process answers: how it is, to the very end; and its apps, until it drains. */
export function createServedApp(params: {
  readonly health: Omit<HealthParts, 'isDraining'>;
  readonly drain: Drain;
  readonly apps: readonly Hono[];
}): Hono {
  const { health, drain, apps } = params;
  const served = new Hono();
  served.route('/', createHealthApp({ ...health, isDraining: () => drain.isDraining }));
  served.use(drain.middleware);
  for (const app of apps) served.route('/', app);
  return served;
}
