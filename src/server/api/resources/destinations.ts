import { z } from '@hono/zod-openapi';
import { Moment } from '../document-schemas.ts';
import { operation } from '../operation.ts';
import { listOf } from '../page.ts';

const Destination = z
  .looseObject({
    name: z.string().openapi({ example: 'warehouse' }),
    state: z.looseObject({ kind: z.enum(['closed', 'open', 'ramping', 'held']), since: Moment.optional() }),
    waiting: z.int(),
    waitingSince: Moment.optional(),
    underWay: z.int(),
    concurrent: z.int().optional(),
    rate: z.object({ calls: z.int(), periodMs: z.number() }).optional(),
  })
  .openapi('Destination');

/** An origin has its slashes as %2F in the path. */
const ByName = z.object({ name: z.string().openapi({ example: 'warehouse' }) });
const common = {
  method: 'post',
  access: 'destinations:write',
  tag: 'Destinations',
  params: ByName,
  answer: Destination,
} as const;

/** Whom runs call, and what people do about it. */
export const DESTINATION_OPERATIONS = [
  operation({
    id: 'listDestinations',
    method: 'get',
    path: '/destinations',
    access: 'destinations:read',
    tag: 'Destinations',
    summary: 'Whom runs call: who is down or held back, and how many runs wait',
    answer: listOf(Destination),
    handle: async ({ administration }) => ({ items: await administration.destinations() }),
  }),
  operation({
    ...common,
    id: 'holdDestination',
    path: '/destinations/{name}/hold',
    summary: 'Call it no more until it is released: runs wait',
    body: z.object({ reason: z.string().max(500).default('') }),
    examples: { body: { reason: 'moves to another server until noon' } },
    handle: ({ administration, params, body }) => administration.holdDestination({ ...params, ...body, by: '' }),
  }),
  operation({
    ...common,
    id: 'releaseDestination',
    path: '/destinations/{name}/release',
    summary: 'Call it again; one that is down is looked at now',
    handle: ({ administration, params }) => administration.releaseDestination({ ...params, by: '' }),
  }),
];
