import { type OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import { API_OPERATIONS } from './api-operations.ts';
import type { Operation } from './operation.ts';
import { Problem } from './problem.ts';

/** Where the API is. */
export const API_PATH = '/api/v1';

const INTRODUCTION = `Everything that an administrator can do to an install.

Programs send \`Authorization: Bearer mw_...\`; \`mapwright token create\` makes a token. People log in with \`POST /session\` and
get a cookie, which works from pages of this server alone. A request that fails is answered with a problem (RFC 9457) whose
\`code\` is permanent. Lists are read page by page: send \`next\` of one answer as \`cursor\` of the next request. A POST with an
\`Idempotency-Key\` is done once, however often it is sent. Times are milliseconds since 1970-01-01T00:00:00Z.`;

/** The OpenAPI 3.1 document of all operations. To be called once for an app. */
export function describeApi(app: OpenAPIHono, version: string): unknown {
  const registry = app.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer', description: 'mw_...' });
  registry.registerComponent('securitySchemes', 'login', { type: 'apiKey', in: 'cookie', name: 'mapwright_login' });
  for (const operation of API_OPERATIONS) registry.registerPath(routeOf(operation));
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Mapwright', version, description: INTRODUCTION },
    servers: [{ url: API_PATH }],
  });
}

function routeOf(operation: Operation): RouteConfig {
  const { id, method, path, tag, summary, access, statuses = [operation.answer === undefined ? 204 : 200] } = operation;
  const needs = access === 'anybody' ? '' : access === 'session' ? 'Anybody who is let in.' : `Needs \`${access}\`.`;
  return {
    operationId: id,
    method,
    path,
    tags: [tag],
    summary,
    description: [operation.description ?? '', needs].filter((text) => text !== '').join('\n\n'),
    security: access === 'anybody' ? [] : [{ token: [] }, { login: [] }],
    request: requestOf(operation),
    responses: {
      ...Object.fromEntries(statuses.map((status) => [status, answerOf(operation, status)])),
      default: { description: 'What went wrong.', content: { 'application/problem+json': { schema: Problem } } },
    },
  };
}

function requestOf(operation: Operation): NonNullable<RouteConfig['request']> {
  const { params, query, body, examples } = operation;
  const headers = headersOf(operation);
  const example = examples?.body === undefined ? {} : { example: examples.body };
  return {
    ...(params instanceof z.ZodObject ? { params } : {}),
    ...(query instanceof z.ZodObject ? { query } : {}),
    ...(headers === undefined ? {} : { headers }),
    ...(operation.isStream === true ? { body: { required: true, content: FILE_CONTENT } } : {}),
    ...(body === undefined
      ? {}
      : { body: { required: true, content: { 'application/json': { schema: body, ...example } } } }),
  };
}

const FILE_CONTENT = { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } };

function headersOf({ method, access, ifMatch, isStream }: Operation): z.ZodObject | undefined {
  const once = z.string().optional().openapi({ description: 'Done once, however often it is sent, for a day.' });
  const match = z
    .string()
    .optional()
    .openapi({ description: 'The ETag seen last: refused when it is another by now.' });
  const shape = {
    ...(method === 'post' && access !== 'anybody' && isStream !== true ? { 'Idempotency-Key': once } : {}),
    ...(ifMatch === true ? { 'If-Match': match } : {}),
  };
  return Object.keys(shape).length === 0 ? undefined : z.object(shape);
}

function answerOf(operation: Operation, status: number): RouteConfig['responses'][string] {
  const { answer, examples, mediaType = 'application/json' } = operation;
  if (answer === undefined || status === 204) return { description: 'Done.' };
  const example = examples?.answer === undefined ? {} : { example: examples.answer };
  return { description: 'The answer.', content: { [mediaType]: { schema: answer, ...example } } };
}
