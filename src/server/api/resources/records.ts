import { z } from '@hono/zod-openapi';
import { callerName } from '../../../core/access.ts';
import type { JsonObject } from '../../../core/json.ts';
import { Moment } from '../document-schemas.ts';
import { operation } from '../operation.ts';

/** Any JSON object; bodies are JSON, so that their members are. */
export const JsonValues = z.record(z.string(), z.unknown()).transform((values) => values as JsonObject);

const RecordView = z
  .object({
    id: z.string().openapi({ example: '30x1' }),
    module: z.string(),
    version: z.int(),
    values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    createdAt: Moment,
    modifiedAt: Moment,
    createdBy: z.string().openapi({ example: '19x1' }),
    modifiedBy: z.string(),
  })
  .openapi('Record');

const ById = z.object({ id: z.string().openapi({ example: '30x1' }) });

/** Records by hand; integrations use the web service. */
export const RECORD_OPERATIONS = [
  operation({
    id: 'readRecord',
    method: 'get',
    path: '/records/{id}',
    access: 'records:read',
    tag: 'Records',
    summary: 'A record',
    params: ById,
    answer: RecordView,
    handle: ({ administration, params }) => administration.record(params),
  }),
  operation({
    id: 'createRecord',
    method: 'post',
    path: '/modules/{module}/records',
    access: 'records:write',
    tag: 'Records',
    summary: 'Create a record; workflows start as for any save',
    params: z.object({ module: z.string().openapi({ example: 'Customers' }) }),
    body: z.object({ values: JsonValues }),
    answer: RecordView,
    statuses: [201],
    examples: { body: { values: { name: 'Anna Berg' } } },
    handle: ({ administration, params, body, caller, onceKey }) =>
      administration.createRecord({ ...params, ...body, by: callerName(caller), key: onceKey }),
  }),
  operation({
    id: 'changeRecord',
    method: 'patch',
    path: '/records/{id}',
    access: 'records:write',
    tag: 'Records',
    summary: 'Change fields of a record; the others stay',
    params: ById,
    body: z.object({ values: JsonValues }),
    answer: RecordView,
    examples: { body: { values: { email: 'anna@example.com' } } },
    handle: ({ administration, params, body, caller }) =>
      administration.changeRecord({ ...params, ...body, by: callerName(caller) }),
  }),
];
