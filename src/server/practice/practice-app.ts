import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { readJson } from '../../core/json-text.ts';
import { CustomerShelf, isJsonRecord } from './customer-shelf.ts';

/** One request as it was received, and what it was answered. */
export interface PracticeExchange {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_SLOW_MS = 60_000;
const DEFAULT_SLOW_MS = 5000;
/** Of so many requests in a row at /flaky all but the last fail. */
const FLAKY_ROUND = 3;

const HELP = `The practice service of Mapwright: something to call while you learn.

POST   /customers       with a JSON object: keeps it and answers {"id": "c1"}
GET    /customers       all that were kept
GET    /customers/c1    one of them; also PUT, PATCH and DELETE
ANY    /echo            answers what it received
ANY    /flaky           fails twice with 503, then answers
ANY    /slow?ms=5000    answers late
ANY    /refuse          answers 422 with a code and a message
`;

/** A service to practise on. Keeps nothing beyond the process; `onExchange` is told of every request. */
export function createPracticeApp(onExchange: (exchange: PracticeExchange) => void): Hono {
  const app = new Hono();
  const shelf = new CustomerShelf();
  let flaky = 0;
  app.use((context, next) => tell(context, next, onExchange));
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (context) => refusal(context, 413, 'body-too-large') }));
  app.get('/', (context) => context.text(HELP));
  app.post('/customers', async (context) => {
    const body = await readObject(context);
    if (body === undefined) return refusal(context, 400, 'body-invalid');
    const { id, isNew } = shelf.add(body, context.req.header('idempotency-key'));
    return context.json({ id }, isNew ? 201 : 200);
  });
  app.get('/customers', (context) => context.json({ customers: shelf.all() }));
  app.all('/customers/:id', (context) => answerCustomer(context, shelf));
  app.all('/echo', async (context) => context.json(await received(context)));
  app.all('/flaky', (context) => {
    flaky = (flaky + 1) % FLAKY_ROUND;
    return flaky === 0 ? context.json({ ok: true }) : refusal(context, 503, 'try-again');
  });
  app.all('/slow', async (context) => {
    const ms = Math.min(Number(context.req.query('ms') ?? DEFAULT_SLOW_MS) || 0, MAX_SLOW_MS);
    await pause(Math.max(0, ms), undefined, { signal: context.req.raw.signal }).catch(() => undefined);
    return context.json({ ok: true, waitedMs: ms });
  });
  app.all('/refuse', (context) => refusal(context, 422, 'refused'));
  app.notFound((context) => refusal(context, 404, 'not-found'));
  return app;
}

async function tell(
  context: Context,
  next: () => Promise<void>,
  onExchange: (exchange: PracticeExchange) => void,
): Promise<void> {
  await next();
  const { pathname, search } = new URL(context.req.url);
  onExchange({
    method: context.req.method,
    path: pathname + search,
    body: await context.req.text().catch(() => ''),
    status: context.res.status,
    answer: await context.res.clone().text(),
  });
}

const REFUSALS = {
  'body-invalid': 'the body is no JSON object',
  'body-too-large': 'the body is larger than 1 MiB',
  'method-unknown': 'a customer knows GET, PUT, PATCH and DELETE',
  'not-found': 'there is nothing here: GET / tells what there is',
  refused: 'this path refuses everything',
  'try-again': 'this path fails twice, then answers',
} as const;

function refusal(context: Context, status: 400 | 404 | 405 | 413 | 422 | 503, code: keyof typeof REFUSALS): Response {
  return context.json({ code, message: REFUSALS[code] }, status);
}

async function readObject(context: Context): Promise<Readonly<Record<string, unknown>> | undefined> {
  const value = readJson(await context.req.text());
  return isJsonRecord(value) ? value : undefined;
}

async function answerCustomer(context: Context, shelf: CustomerShelf): Promise<Response> {
  const id = context.req.param('id') ?? '';
  const { method } = context.req;
  const found = shelf.get(id);
  if (found === undefined) return refusal(context, 404, 'not-found');
  if (method === 'GET' || method === 'HEAD') return context.json(found);
  if (method === 'DELETE') {
    shelf.remove(id);
    return context.body(null, 204);
  }
  if (method !== 'PUT' && method !== 'PATCH') return refusal(context, 405, 'method-unknown');
  const body = await readObject(context);
  if (body === undefined) return refusal(context, 400, 'body-invalid');
  return context.json(shelf.put(id, method === 'PUT' ? body : { ...found, ...body }));
}

async function received(context: Context): Promise<object> {
  const { req } = context;
  return { method: req.method, path: req.path, query: req.query(), headers: req.header(), body: await req.text() };
}
