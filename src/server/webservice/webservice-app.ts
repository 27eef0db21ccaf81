import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { failureResponse } from './failure-response.ts';
import type { FailureReport } from './failure-response.ts';
import { createLoginThrottle } from './login-throttle.ts';
import type { LoginThrottleLimits } from './login-throttle.ts';
import type { OperationParts } from './operation.ts';
import { runOperation } from './operation-table.ts';
import { successResponse } from './protocol-answer.ts';
import { readParameters } from './request-parameters.ts';
import { methodRefused } from './request-refusal.ts';

/** What requests are bounded by. */
export interface WebserviceLimits {
  readonly maxBodyBytes: number;
  readonly login: LoginThrottleLimits;
}

/** What the web service is made of. `log` gets the failures that clients are told nothing about. */
export interface WebserviceParts extends Omit<OperationParts, 'throttle'>, FailureReport {
  readonly limits?: Partial<WebserviceLimits>;
}

const DEFAULT_LIMITS: WebserviceLimits = {
  maxBodyBytes: 16 * 1024 * 1024,
  login: { failures: 10, windowMs: 5 * 60_000, remembered: 10_000 },
};

const ROOT_PAGE = `Mapwright runs here.

Web service for coreBOS and vtiger clients: /webservice.php
Health: /health
`;

/** The web service of coreBOS and vtiger at `/webservice.php`, a page at `/`, and `/health`, which asks the database. */
export function createWebserviceApp(parts: WebserviceParts): Hono {
  const limits = { ...DEFAULT_LIMITS, ...parts.limits };
  const operationParts = { ...parts, throttle: createLoginThrottle(parts.clock, limits.login) };
  const app = new Hono();
  app.get('/', (context) => context.text(ROOT_PAGE));
  app.get('/health', async (context) => {
    await parts.identities.users();
    return context.json({ status: 'ok' });
  });
  app.all('/webservice.php', (context) => answerRequest(context, operationParts, limits.maxBodyBytes));
  app.onError((error) => failureResponse(parts, undefined, error));
  return app;
}

async function answerRequest(
  context: Context,
  parts: OperationParts & FailureReport,
  maxBodyBytes: number,
): Promise<Response> {
  const request = context.req.raw;
  if (request.method === 'OPTIONS') return new Response(null, { headers: { Allow: 'GET, POST, OPTIONS' } });
  let operation: string | undefined;
  try {
    if (request.method !== 'GET' && request.method !== 'POST') throw methodRefused();
    const parameters = await readParameters(request, maxBodyBytes);
    operation = parameters.text('operation')?.toLowerCase();
    const sessionName = parameters.text('sessionName') || sessionHeader(request);
    return successResponse(
      await runOperation(parts, operation, { parameters, sessionName, address: addressOf(context) }),
    );
  } catch (error) {
    return failureResponse(parts, operation, error);
  }
}

function sessionHeader(request: Request): string {
  const { headers } = request;
  return headers.get('corebos-authorization') ?? headers.get('corebos_authorization') ?? '';
}

/** Requests that come through no socket, as an embedding application makes them, share one address. */
function addressOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? '';
  } catch {
    return '';
  }
}
