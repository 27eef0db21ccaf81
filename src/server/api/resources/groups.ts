import { z } from '@hono/zod-openapi';
import { operation } from '../operation.ts';
import { listOf } from '../page.ts';
import { Changed } from './settings.ts';

const Group = z
  .looseObject({ id: z.string(), name: z.string(), description: z.string(), members: z.array(z.string()) })
  .openapi('Group');
const Unit = z
  .looseObject({
    name: z.string(),
    description: z.string(),
    parent: z.string().optional(),
    members: z.array(z.string()),
  })
  .openapi('Unit');

const ByName = z.object({ name: z.string().openapi({ example: 'sales' }) });
const Membership = z.object({ name: z.string(), user: z.string().openapi({ example: 'anna' }) });
const description = z.string().max(1_000).default('');
const SALES = { id: '20x1', name: 'sales', description: '', members: ['anna'] };

const common = { access: 'users:write', tag: 'People' } as const;

/** Groups of users. */
export const GROUP_OPERATIONS = [
  operation({
    ...common,
    id: 'listGroups',
    method: 'get',
    path: '/groups',
    access: 'users:read',
    summary: 'All groups',
    answer: listOf(Group),
    examples: { answer: { items: [SALES] } },
    handle: async ({ administration }) => ({ items: await administration.groups() }),
  }),
  operation({
    ...common,
    id: 'addGroup',
    method: 'post',
    path: '/groups',
    summary: 'Add a group',
    body: z.object({ name: z.string(), description }),
    answer: Group,
    statuses: [201],
    examples: { body: { name: 'sales', description: '' }, answer: { ...SALES, members: [] } },
    handle: ({ administration, body }) => administration.addGroup(body),
  }),
  operation({
    ...common,
    id: 'removeGroup',
    method: 'delete',
    path: '/groups/{name}',
    summary: 'Remove a group that owns no records',
    params: ByName,
    handle: ({ administration, params }) => administration.removeGroup(params),
  }),
  operation({
    ...common,
    id: 'addGroupMember',
    method: 'put',
    path: '/groups/{name}/members/{user}',
    summary: 'Make a user a member',
    params: Membership,
    answer: Changed,
    handle: async ({ administration, params: { name, user } }) => ({
      changed: await administration.addGroupMember({ group: name, user }),
    }),
  }),
  operation({
    ...common,
    id: 'removeGroupMember',
    method: 'delete',
    path: '/groups/{name}/members/{user}',
    summary: 'End a membership',
    params: Membership,
    answer: Changed,
    handle: async ({ administration, params: { name, user } }) => ({
      changed: await administration.removeGroupMember({ group: name, user }),
    }),
  }),
];

/** Parts of the organisation. */
export const UNIT_OPERATIONS = [
  operation({
    ...common,
    id: 'listUnits',
    method: 'get',
    path: '/units',
    access: 'users:read',
    summary: 'All organisation units',
    answer: listOf(Unit),
    handle: async ({ administration }) => ({ items: await administration.units() }),
  }),
  operation({
    ...common,
    id: 'addUnit',
    method: 'post',
    path: '/units',
    summary: 'Add an organisation unit',
    body: z.object({ name: z.string(), description, parent: z.string().exactOptional() }),
    answer: Unit,
    statuses: [201],
    examples: { body: { name: 'north', description: 'Northern branch', parent: 'sales' } },
    handle: ({ administration, body }) => administration.addUnit(body),
  }),
  operation({
    ...common,
    id: 'moveUnit',
    method: 'patch',
    path: '/units/{name}',
    summary: 'Make a unit a part of another one, or of none',
    params: ByName,
    body: z.object({ parent: z.string().nullable() }),
    examples: { body: { parent: null } },
    handle: ({ administration, params, body: { parent } }) =>
      administration.moveUnit({ ...params, ...(parent === null ? {} : { parent }) }),
  }),
  operation({
    ...common,
    id: 'removeUnit',
    method: 'delete',
    path: '/units/{name}',
    summary: 'Remove a unit that has no parts',
    params: ByName,
    handle: ({ administration, params }) => administration.removeUnit(params),
  }),
  operation({
    ...common,
    id: 'addUnitMember',
    method: 'put',
    path: '/units/{name}/members/{user}',
    summary: 'Make a user belong to a unit',
    params: Membership,
    answer: Changed,
    handle: async ({ administration, params: { name, user } }) => ({
      changed: await administration.addUnitMember({ unit: name, user }),
    }),
  }),
  operation({
    ...common,
    id: 'removeUnitMember',
    method: 'delete',
    path: '/units/{name}/members/{user}',
    summary: 'Make a user belong to a unit no longer',
    params: Membership,
    answer: Changed,
    handle: async ({ administration, params: { name, user } }) => ({
      changed: await administration.removeUnitMember({ unit: name, user }),
    }),
  }),
];
