import { Hono } from 'hono';
import type { Context } from 'hono';
import { CORS_SETTING } from '../../core/local-setting.ts';
import { readTraceparent } from '../../core/trace.ts';
import { callerAddress, countedAddress } from '../caller-address.ts';
import { failureResponse, toldCode } from './failure-response.ts';
import type { FailureReport } from './failure-response.ts';
import { requestId } from './answered-call.ts';
import { corsHeaders, preflightHeaders, trustsCookies } from './cross-origin.ts';
import type { OperationParts } from './operation.ts';
import { isOperation, runOperation } from './operation-table.ts';
import { successResponse } from './protocol-answer.ts';
import { readParameters } from './request-parameters.ts';
import { methodRefused } from './request-refusal.ts';
import { operationPartsOf } from './webservice-parts.ts';
import type { WebserviceParts } from './webservice-parts.ts';
import { sessionCookie, sessionNameOf } from './session-name.ts';

const ROOT_PAGE = `Mapwright runs here.

Web service for coreBOS and vtiger clients: /webservice.php
Does it live: /health. Does it take work: /ready.
`;

/** The web service of coreBOS and vtiger at `/webservice.php`, and a page at `/`. */
export function createWebserviceApp(parts: WebserviceParts): Hono {
  const operationParts = operationPartsOf(parts);
  const app = new Hono();
  app.get('/', (context) => context.text(ROOT_PAGE));
  app.all('/webservice.php', (context) => {
    const trace = readTraceparent(context.req.header('traceparent'));
    const answer = (): Promise<Response> => answerRequest(context, operationParts);
    return parts.tracer === undefined ? answer() : parts.tracer.within(trace, answer);
  });
  app.onError((error) => failureResponse(parts, undefined, error));
  return app;
}

type AppParts = OperationParts & FailureReport & Pick<WebserviceParts, 'onAnswered' | 'proxies'>;

async function answerRequest(context: Context, parts: AppParts): Promise<Response> {
  const request = context.req.raw;
  const origin = request.headers.get('origin') ?? undefined;
  // Other requests than those of web pages are not kept waiting for the list.
  const listed = origin === undefined ? undefined : (await parts.settings.settings())[CORS_SETTING];
  const cors = corsHeaders(origin, listed);
  if (request.method === 'OPTIONS') return new Response(null, { headers: { ...cors, ...preflightHeaders(cors) } });
  const response = await answerKnown(context, parts, (operation) => trustsCookies(request, operation, listed));
  for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);
  return response;
}

/** What becomes known of a request while it is answered. */
interface Known {
  operation?: string;
  user?: string;
  code?: string;
}

/** Answers, and tells what the answer was. What the log tells of a failure is found by the request's own id. */
async function answerKnown(
  context: Context,
  parts: AppParts,
  trusts: (operation: string | undefined) => boolean,
): Promise<Response> {
  const startedAt = parts.clock.now();
  const request = requestId(context.req.header('x-request-id') ?? null, parts.ids);
  const known: Known = {};
  const response = await answerCall(context, { ...parts, ids: { next: () => request } }, { known, trusts });
  response.headers.set('X-Request-Id', request);
  const { operation, user, code } = known;
  const durationMs = Math.max(0, parts.clock.now() - startedAt);
  const named = operation !== undefined && isOperation(operation) ? operation : undefined;
  parts.onAnswered?.({ request, operation: named, user, status: response.status, code, durationMs });
  return response;
}

async function answerCall(
  context: Context,
  parts: AppParts,
  { known, trusts }: { readonly known: Known; readonly trusts: (operation: string | undefined) => boolean },
): Promise<Response> {
  const request = context.req.raw;
  let operation: string | undefined;
  try {
    if (request.method !== 'GET' && request.method !== 'POST') throw methodRefused();
    const parameters = await readParameters(request, parts.maxBodyBytes);
    operation = parameters.text('operation')?.toLowerCase();
    if (operation !== undefined) known.operation = operation;
    const sessionName = sessionNameOf(request, parameters, trusts(operation));
    const onUser = (user: string): void => void (known.user = user);
    const address = countedAddress(callerAddress(context, parts.proxies ?? 0));
    const answer = await runOperation(parts, operation, { parameters, sessionName, address, onUser });
    const response = successResponse(answer);
    if (answer.openedSession !== undefined) {
      response.headers.set('Set-Cookie', sessionCookie(request, answer.openedSession));
    }
    return response;
  } catch (error) {
    known.code = toldCode(error);
    return failureResponse(parts, operation, error);
  }
}
