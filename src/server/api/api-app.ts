import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Caller } from '../../core/access.ts';
import { API_OPERATIONS } from './api-operations.ts';
import { type ApiLimits, type ApiParts, DEFAULT_LIMITS } from './api-parts.ts';
import { callerOf, isForeignPage } from './authentication.ts';
import { callerAddress, countedAddress } from '../caller-address.ts';
import { CallerPlaces } from './caller-places.ts';
import { answerOnce, onceKeyOf } from './once.ts';
import { API_PATH, describeApi } from './openapi.ts';
import { ApiAnswer, type Operation } from './operation.ts';
import { ApiRefusal, isOfStore, problemResponse } from './problem.ts';
import { type RateLimit, createRateLimit } from './rate-limit.ts';
import { bodyOf, jsonOf, queryOf, readPart } from './read-request.ts';

interface Api {
  readonly parts: ApiParts;
  readonly limits: ApiLimits;
  readonly rate: RateLimit;
  /** Of large bodies. */
  readonly places: CallerPlaces;
}

/** What stands for the caller of an operation that strangers may call. */
const STRANGER: Omit<Caller, 'from'> = { kind: 'user', name: '', scopes: new Set() };

/** The REST API below /api/v1, and its OpenAPI document. */
export function createApiApp(parts: ApiParts): OpenAPIHono {
  const app = new OpenAPIHono();
  const api: Api = {
    parts,
    limits: { ...DEFAULT_LIMITS, ...parts.limits },
    rate: createRateLimit(parts.clock),
    places: new CallerPlaces(),
  };
  let description: string | undefined;
  app.get(`${API_PATH}/openapi.json`, (context) => {
    description ??= JSON.stringify(describeApi(app, parts.version));
    return context.body(description, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' });
  });
  for (const operation of API_OPERATIONS) {
    const path = API_PATH + operation.path.replaceAll(/\{(\w+)\}/gu, ':$1');
    app.on(operation.method.toUpperCase(), path, (context) => answer(context, api, operation));
  }
  app.notFound((context) =>
    problemResponse(
      new ApiRefusal(404, 'API_UNKNOWN', `there is no ${context.req.method} ${context.req.path}`, {
        hint: `GET ${API_PATH}/openapi.json lists all operations`,
      }),
      { request: parts.ids.next(), isNamedByPath: true },
    ),
  );
  return app;
}

/** Given by the caller so that both sides' logs name the same request, else made. */
function requestId(context: Context, parts: ApiParts): string {
  const given = context.req.header('x-request-id') ?? '';
  return /^[\w.:-]{1,100}$/u.test(given) ? given : parts.ids.next();
}

async function answer(context: Context, api: Api, operation: Operation): Promise<Response> {
  const id = requestId(context, api.parts);
  let response: Response;
  try {
    response = await answerCall(context, api, operation);
  } catch (thrown) {
    response = problemResponse(thrown, { request: id, isNamedByPath: operation.params !== undefined });
    if (response.status === 500 || isOfStore(thrown)) api.parts.log({ id, operation: operation.id, error: thrown });
  }
  response.headers.set('X-Request-Id', id);
  response.headers.set('X-Content-Type-Options', 'nosniff');
  if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store');
  // Nobody reads the body of an answer to HEAD: a stream would be open for ever.
  if (context.req.method === 'HEAD') await response.body?.cancel();
  return response;
}

async function answerCall(context: Context, api: Api, operation: Operation): Promise<Response> {
  const from = callerAddress(context, api.limits.proxies);
  const caller = await admitted(context, api, { operation, from });
  const mayBeLarge = operation.isLarge === true && !isSmall(context, api.limits);
  const leave = mayBeLarge ? enterLarge(api, caller) : undefined;
  try {
    return await answerAdmitted(context, api, { operation, caller });
  } finally {
    leave?.();
  }
}

/** True of a body that says how long it is, and is no longer than bodies usually may be. */
function isSmall(context: Context, { bodyBytes }: ApiLimits): boolean {
  const length = context.req.header('content-length');
  return length !== undefined && Number(length) <= bodyBytes;
}

/** Throws API_BUSY when the caller has too many large bodies under way. */
function enterLarge({ places, limits }: Api, { kind, name }: Caller): () => void {
  const leave = places.enter(`${kind} ${name}`, limits.largeBodies);
  if (leave !== undefined) return leave;
  throw new ApiRefusal(429, 'API_BUSY', `${name} has ${limits.largeBodies} large requests under way`, {
    hint: 'send the next one when one of them is answered',
    retryable: true,
    headers: { 'Retry-After': '2' },
  });
}

async function answerAdmitted(
  context: Context,
  { parts, limits }: Api,
  { operation, caller }: { readonly operation: Operation; readonly caller: Caller },
): Promise<Response> {
  const { req } = context;
  const text = await bodyOf(req.raw, operation.isLarge === true ? limits.documentBytes : limits.bodyBytes);
  const key = operation.method === 'post' ? req.header('idempotency-key') : undefined;
  const call = {
    params: readPart(operation.params, 'path', req.param()),
    query: readPart(operation.query, 'query', queryOf(req.url)),
    body: readPart(operation.body, 'body', jsonOf(text)),
    administration: parts.administrationFor(caller),
    caller,
    parts,
    request: req.raw,
    onceKey: key === undefined ? undefined : onceKeyOf(caller, key),
  };
  const work = async (): Promise<Response> => responseOf(operation, await operation.handle(call));
  if (key === undefined || operation.access === 'anybody') return work();
  const path = new URL(req.url).pathname;
  return answerOnce(parts.access, { key, caller, method: operation.method, path, body: text }, work);
}

/** Rejects with what keeps the caller out. */
async function admitted(
  context: Context,
  { parts, rate, limits }: Api,
  { operation, from }: { readonly operation: Operation; readonly from: string },
): Promise<Caller> {
  const request = context.req.raw;
  if (operation.access === 'anybody') {
    rate.count(`address ${countedAddress(from)}`, limits.strangersPerMinute);
    if (isForeignPage(request)) {
      throw new ApiRefusal(403, 'API_ORIGIN_REFUSED', 'a page of another place asked for this');
    }
    return { ...STRANGER, from };
  }
  const caller = await callerOf(parts.access, request, from).catch((thrown: unknown) => {
    rate.count(`address ${countedAddress(from)}`, limits.strangersPerMinute);
    throw thrown;
  });
  if (caller === undefined) {
    rate.count(`address ${countedAddress(from)}`, limits.strangersPerMinute);
    throw new ApiRefusal(401, 'API_LOGIN_NEEDED', 'this needs a token, or a login', {
      hint: 'send Authorization: Bearer mw_... ; mapwright token create makes a token',
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  rate.count(`${caller.kind} ${caller.name}`, limits.requestsPerMinute);
  if (operation.access === 'session' || caller.scopes.has(operation.access)) return caller;
  throw new ApiRefusal(403, 'API_FORBIDDEN', `${caller.name} may not do this: it needs ${operation.access}`, {
    hint: 'ask an administrator for another role, or for a token with this scope',
  });
}

function responseOf(operation: Operation, given: unknown): Response {
  if (given instanceof Response) return given;
  const { status, body, headers } =
    given instanceof ApiAnswer ? given : new ApiAnswer(operation.statuses?.[0] ?? 200, given);
  if (status === 204 || body === undefined) return new Response(null, { status: 204, headers });
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}
