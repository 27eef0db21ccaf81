import { z } from '@hono/zod-openapi';
import { operation } from '../operation.ts';
import { listOf } from '../page.ts';

const Name = z.string().min(1).max(200);
const ByName = z.object({ name: Name });

/** Whether there was anything to change. */
export const Changed = z.object({ changed: z.boolean() }).openapi('Changed');

/** Plain values that documents use. */
export const SETTING_OPERATIONS = [
  operation({
    id: 'listSettings',
    method: 'get',
    path: '/settings',
    access: 'settings:read',
    tag: 'Settings',
    summary: 'All settings',
    answer: listOf(z.object({ name: z.string(), value: z.string() })),
    examples: { answer: { items: [{ name: 'head_office_url', value: 'https://crm.example.com' }] } },
    async handle({ administration }) {
      const settings = await administration.settings();
      return { items: Object.entries(settings).map(([name, value]) => ({ name, value })) };
    },
  }),
  operation({
    id: 'setSetting',
    method: 'put',
    path: '/settings/{name}',
    access: 'settings:write',
    tag: 'Settings',
    summary: 'Set a setting',
    params: ByName,
    body: z.object({ value: z.string().max(100_000) }),
    examples: { body: { value: 'https://crm.example.com' } },
    handle: ({ administration, params, body }) => administration.setSetting({ ...params, ...body }),
  }),
  operation({
    id: 'removeSetting',
    method: 'delete',
    path: '/settings/{name}',
    access: 'settings:write',
    tag: 'Settings',
    summary: 'Remove a setting',
    params: ByName,
    answer: Changed,
    handle: async ({ administration, params }) => ({ changed: await administration.removeSetting(params) }),
  }),
];
