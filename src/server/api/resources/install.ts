import { z } from '@hono/zod-openapi';
import { Moment } from '../document-schemas.ts';
import { RunStatus } from '../run-schemas.ts';
import { listOf } from '../page.ts';
import { operation } from '../operation.ts';

const Status = z
  .object({
    version: z.string(),
    url: z.string().optional().openapi({ example: 'http://127.0.0.1:8080' }),
    revision: z.int(),
    runs: z.object({
      ...Object.fromEntries(RunStatus.options.map((status) => [status, z.int()])),
      waiting: z.int(),
      handled: z.int(),
    }),
  })
  .openapi('Status');

const Field = z.looseObject({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  mandatory: z.boolean(),
  readOnly: z.boolean(),
});

const Module = z
  .looseObject({ name: z.string(), label: z.string(), prefix: z.string(), title: z.string(), fields: z.array(Field) })
  .openapi('Module');

const Node = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    version: z.string(),
    startedAt: Moment,
    seenAt: Moment,
    state: z.enum(['working', 'gone']),
    runs: z.int(),
  })
  .openapi('Node');

/** What the install is. */
export const INSTALL_OPERATIONS = [
  operation({
    id: 'status',
    method: 'get',
    path: '/status',
    access: 'status:read',
    tag: 'Install',
    summary: 'How the install does',
    answer: Status,
    examples: {
      answer: {
        version: '0.4.0',
        url: 'http://127.0.0.1:8080',
        revision: 4,
        runs: { pending: 0, running: 2, completed: 41, failed: 1, canceled: 0, waiting: 1, handled: 0 },
      },
    },
    // Where its folder is on the server is no matter of those who come over the network.
    async handle({ administration }) {
      return { ...(await administration.status()), folder: undefined };
    },
  }),
  operation({
    id: 'listNodes',
    method: 'get',
    path: '/nodes',
    access: 'status:read',
    tag: 'Install',
    summary: 'The processes that work on the install; none of one in a folder',
    answer: listOf(Node),
    handle: async ({ administration }) => ({ items: await administration.nodes() }),
  }),
  operation({
    id: 'listModules',
    method: 'get',
    path: '/modules',
    access: 'records:read',
    tag: 'Records',
    summary: 'The modules in force',
    answer: listOf(Module),
    handle: async ({ administration }) => ({ items: await administration.modules() }),
  }),
];
