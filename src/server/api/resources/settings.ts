import { z } from '@hono/zod-openapi';
import { Moment } from '../document-schemas.ts';
import { operation } from '../operation.ts';
import { listOf } from '../page.ts';

const Name = z.string().min(1).max(200);
const ByName = z.object({ name: Name });

/** Whether there was anything to change. */
export const Changed = z.object({ changed: z.boolean() }).openapi('Changed');

/** Settings, and secrets, whose values are never given. */
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
  operation({
    id: 'listSecrets',
    method: 'get',
    path: '/secrets',
    access: 'secrets:read',
    tag: 'Settings',
    summary: 'Names of secrets, never their values',
    answer: listOf(z.object({ name: z.string(), setAt: Moment, setBy: z.string() })),
    examples: { answer: { items: [{ name: 'head_office_key', setAt: 1_767_171_900_000, setBy: 'anna' }] } },
    handle: async ({ administration }) => ({ items: await administration.secrets() }),
  }),
  operation({
    id: 'setSecret',
    method: 'put',
    path: '/secrets/{name}',
    access: 'secrets:write',
    tag: 'Settings',
    summary: 'Set a secret',
    params: ByName,
    body: z.object({ value: z.string().min(1).max(100_000) }),
    examples: { body: { value: 'a key that nobody sees again' } },
    handle: ({ administration, params, body }) => administration.setSecret({ ...params, ...body, by: '' }),
  }),
  operation({
    id: 'removeSecret',
    method: 'delete',
    path: '/secrets/{name}',
    access: 'secrets:write',
    tag: 'Settings',
    summary: 'Remove a secret',
    params: ByName,
    answer: Changed,
    handle: async ({ administration, params }) => ({ changed: await administration.removeSecret(params) }),
  }),
];
