import { z } from '@hono/zod-openapi';
import { Moment } from '../document-schemas.ts';
import { operation } from '../operation.ts';
import { PAGE_QUERY, pageOf, readPage } from '../page.ts';

const Notification = z
  .object({
    id: z.int(),
    at: Moment,
    user: z.string(),
    userName: z.string(),
    text: z.string(),
    run: z.int().optional().openapi({ description: 'Left out for what the install tells of itself.' }),
    task: z.string(),
    recordId: z.string().optional(),
    readAt: Moment.optional(),
  })
  .openapi('Notification');

/** What runs, and the install itself, told people. */
export const NOTIFICATION_OPERATIONS = [
  operation({
    id: 'listNotifications',
    method: 'get',
    path: '/notifications',
    access: 'notifications:read',
    tag: 'Notifications',
    summary: 'What runs told people, the newest first',
    query: z.object({
      ...PAGE_QUERY,
      user: z.string().optional().openapi({ description: 'Name of a user; everybody when left out.' }),
      all: z.stringbool().default(false).openapi({ type: 'boolean', description: 'Also those that were read.' }),
    }),
    answer: pageOf(Notification),
    handle: ({ administration, query: { user, all, ...page } }) =>
      readPage(page, ({ limit, before }) =>
        administration.notifications({
          all,
          limit,
          ...(before === undefined ? {} : { before }),
          ...(user === undefined ? {} : { user }),
        }),
      ),
  }),
  operation({
    id: 'readNotifications',
    method: 'post',
    path: '/notifications/read',
    access: 'notifications:write',
    tag: 'Notifications',
    summary: 'Mark notifications as read: all of them, or none',
    body: z.object({ ids: z.array(z.int().positive()).min(1).max(1_000) }),
    examples: { body: { ids: [12, 13] } },
    handle: ({ administration, body }) => administration.readNotifications(body),
  }),
];
