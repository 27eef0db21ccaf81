import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Caller } from '../../core/access.ts';
import { API_OPERATIONS } from './api-operations.ts';
import { type ApiLimits, type ApiParts, DEFAULT_LIMITS } from './api-parts.ts';
import { callerOf, isForeignPage } from './authentication.ts';
import { callerAddress, countedAddress } from '../caller-address.ts';
import { type KnownApiCall, watchApiCall } from './answered-api-call.ts';
import { CallerPlaces } from './caller-places.ts';
import { answerOnce, onceKeyOf } from './once.ts';
import { API_PATH, describeApi } from './openapi.ts';
import { ApiAnswer, type Operation } from './operation.ts';
import { ApiRefusal, isOfStore, problemCode, problemResponse } from './problem.ts';
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
    rate: createRateLimit(parts.clock, parts.attempts),
    places: new CallerPlaces(),
  };
  let description: string | undefined;
  const describing = { operation: undefined, route: `${API_PATH}/openapi.json` };
  app.get(describing.route, (context) =>
    answer(context, api, describing, () => {
      description ??= JSON.stringify(describeApi(app, parts.version));
      const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' };
      return Promise.resolve(context.body(description, 200, headers));
    }),
  );
  for (const operation of API_OPERATIONS) {
    const route = API_PATH + operation.path;
    app.on(operation.method.toUpperCase(), route.replaceAll(/\{(\w+)\}/gu, ':$1'), (context) =>
      answer(context, api, { operation, route }, (known) => answerCall(context, api, { operation, known })),
    );
  }
  app.notFound((context) =>
    answer(context, api, { operation: undefined, route: undefined }, () => Promise.reject(unknownPath(context))),
  );
  return app;
}

function unknownPath({ req }: Context): ApiRefusal {
  return new ApiRefusal(404, 'API_UNKNOWN', `there is no ${req.method} ${req.path}`, {
    hint: `GET ${API_PATH}/openapi.json lists all operations`,
  });
}

/** Given by the caller so that both sides' logs name the same request, else made. */
function requestId(context: Context, parts: ApiParts): string {
  const given = context.req.header('x-request-id') ?? '';
  return /^[\w.:-]{1,100}$/u.test(given) ? given : parts.ids.next();
}

/** Where a request went: to an operation, to the description of all, or to a path that there is not. */
interface Target {
  readonly operation: Operation | undefined;
  readonly route: string | undefined;
}

/** Answers whatever happens, and tells what the answer was. */
async function answer(
  context: Context,
  { parts }: Api,
  { operation, route }: Target,
  work: (known: KnownApiCall) => Promise<Response>,
): Promise<Response> {
  const id = requestId(context, parts);
  const { method } = context.req;
  const answered = watchApiCall(parts.clock, { request: id, method, route, operation: operation?.id });
  const known: KnownApiCall = {};
  let response: Response;
  try {
    response = await work(known);
  } catch (thrown) {
    const isNamedByPath = operation === undefined || operation.params !== undefined;
    known.code = problemCode(thrown);
    response = problemResponse(thrown, { request: id, isNamedByPath });
    const name = operation?.id ?? method;
    if (response.status === 500 || isOfStore(thrown)) parts.log({ id, operation: name, error: thrown });
  }
  response.headers.set('X-Request-Id', id);
  response.headers.set('X-Content-Type-Options', 'nosniff');
  if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store');
  // Nobody reads the body of an answer to HEAD: a stream would be open for ever.
  if (method === 'HEAD') await response.body?.cancel();
  parts.onAnswered?.(answered(response.status, known));
  return response;
}

async function answerCall(
  context: Context,
  api: Api,
  { operation, known }: { readonly operation: Operation; readonly known: KnownApiCall },
): Promise<Response> {
  const from = callerAddress(context, api.limits.proxies);
  const caller = await admitted(context, api, { operation, from, known });
  const mayBeLarge = (operation.isLarge === true || operation.isStream === true) && !isSmall(context, api.limits);
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
  const mostBytes = operation.isLarge === true ? limits.documentBytes : limits.bodyBytes;
  const text = operation.isStream === true ? '' : await bodyOf(req.raw, mostBytes);
  // Whether two streams are the same no key tells; a file that is stored twice is cleared away once.
  const mayRepeat = operation.method === 'post' && operation.isStream !== true;
  const key = mayRepeat ? req.header('idempotency-key') : undefined;
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
  { operation, from, known }: { readonly operation: Operation; readonly from: string; readonly known: KnownApiCall },
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
  known.caller = caller.name;
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
