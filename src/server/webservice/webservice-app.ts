import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { CORS_SETTING } from '../../core/local-setting.ts';
import { failureResponse } from './failure-response.ts';
import type { FailureReport } from './failure-response.ts';
import { corsHeaders, preflightHeaders, trustsCookies } from './cross-origin.ts';
import type { OperationParts } from './operation.ts';
import { runOperation } from './operation-table.ts';
import { successResponse } from './protocol-answer.ts';
import { readParameters } from './request-parameters.ts';
import { methodRefused } from './request-refusal.ts';
import { operationPartsOf } from './webservice-parts.ts';
import type { WebserviceParts } from './webservice-parts.ts';
import { sessionCookie, sessionNameOf } from './session-name.ts';

const ROOT_PAGE = `Mapwright runs here.

Web service for coreBOS and vtiger clients: /webservice.php
Health: /health
`;

/** The web service of coreBOS and vtiger at `/webservice.php`, a page at `/`, and `/health`, which asks the database. */
export function createWebserviceApp(parts: WebserviceParts): Hono {
  const operationParts = operationPartsOf(parts);
  const app = new Hono();
  app.get('/', (context) => context.text(ROOT_PAGE));
  app.get('/health', async (context) => {
    await parts.identities.users();
    return context.json({ status: 'ok' });
  });
  app.all('/webservice.php', (context) => answerRequest(context, operationParts));
  app.onError((error) => failureResponse(parts, undefined, error));
  return app;
}

async function answerRequest(context: Context, parts: OperationParts & FailureReport): Promise<Response> {
  const request = context.req.raw;
  const origin = request.headers.get('origin') ?? undefined;
  // Other requests than those of web pages are not kept waiting for the list.
  const listed = origin === undefined ? undefined : (await parts.settings.settings())[CORS_SETTING];
  const cors = corsHeaders(origin, listed);
  if (request.method === 'OPTIONS') return new Response(null, { headers: { ...cors, ...preflightHeaders(cors) } });
  const response = await answerCall(context, parts, (operation) => trustsCookies(request, operation, listed));
  for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);
  return response;
}

async function answerCall(
  context: Context,
  parts: OperationParts & FailureReport,
  trusts: (operation: string | undefined) => boolean,
): Promise<Response> {
  const request = context.req.raw;
  let operation: string | undefined;
  try {
    if (request.method !== 'GET' && request.method !== 'POST') throw methodRefused();
    const parameters = await readParameters(request, parts.maxBodyBytes);
    operation = parameters.text('operation')?.toLowerCase();
    const sessionName = sessionNameOf(request, parameters, trusts(operation));
    const answer = await runOperation(parts, operation, { parameters, sessionName, address: addressOf(context) });
    const response = successResponse(answer);
    if (answer.openedSession !== undefined) {
      response.headers.set('Set-Cookie', sessionCookie(request, answer.openedSession));
    }
    return response;
  } catch (error) {
    return failureResponse(parts, operation, error);
  }
}

/** Requests that come through no socket, as an embedding application makes them, share one address. */
function addressOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? '';
  } catch {
    return '';
  }
}
