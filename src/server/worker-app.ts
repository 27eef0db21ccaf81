import { Hono } from 'hono';

/** What a node that only works on runs says besides how it is. */
export function createWorkerApp(): Hono {
  const app = new Hono();
  app.get('/', (context) =>
    context.text('Mapwright works here, and serves nothing but /health, /ready and /metrics\n'),
  );
  return app;
}
