import { z } from '@hono/zod-openapi';
import { type Role, roleOf } from '../../../core/access.ts';
import type { UserDetails, UserEntry } from '../../../runtime/administration.ts';
import { requireMayGiveKey, requireMayGovern, requireMayGrant } from '../may-grant.ts';
import { ApiAnswer, operation } from '../operation.ts';
import { listOf } from '../page.ts';

const RoleName = z
  .enum(['administrator', 'operator', 'viewer', 'none'])
  .openapi({ description: '`none`: the web service alone.' });

const Preferences = z
  .object({
    dateFormat: z.enum(['yyyy-mm-dd', 'dd-mm-yyyy', 'mm-dd-yyyy']).exactOptional(),
    hourFormat: z.enum(['24', '12']).exactOptional(),
    timeZone: z.string().exactOptional().openapi({ example: 'Europe/Madrid' }),
    decimalSeparator: z.string().exactOptional(),
    groupingSeparator: z.string().exactOptional(),
    decimals: z.int().exactOptional(),
    language: z.string().exactOptional().openapi({ example: 'en_us' }),
  })
  .openapi('Preferences');

/** What can be said of a user besides its name. */
export const details = {
  firstName: z.string().max(200).exactOptional(),
  lastName: z.string().max(200).exactOptional(),
  email: z.string().max(320).exactOptional(),
  preferences: Preferences.exactOptional(),
} satisfies Record<keyof UserDetails, z.ZodType>;

const User = z
  .object({
    id: z.string().openapi({ example: '19x2' }),
    name: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    email: z.string(),
    role: RoleName,
    active: z.boolean(),
    createdAt: z.number().optional(),
    preferences: Preferences.optional(),
  })
  .openapi('User');

const ANNA = {
  id: '19x2',
  name: 'anna',
  firstName: 'Anna',
  lastName: 'Berg',
  email: '',
  role: 'operator',
  active: true,
};
const ByName = z.object({ name: z.string().openapi({ example: 'anna' }) });
const AccessKey = z.object({ accessKey: z.string().openapi({ description: 'Shown only now.' }) });

/** Users, their keys and passwords. */
export const USER_OPERATIONS = [
  operation({
    id: 'listUsers',
    method: 'get',
    path: '/users',
    access: 'users:read',
    tag: 'People',
    summary: 'All users',
    answer: listOf(User),
    examples: { answer: { items: [ANNA] } },
    handle: async ({ administration }) => ({ items: (await administration.users()).map(userView) }),
  }),
  operation({
    id: 'addUser',
    method: 'post',
    path: '/users',
    access: 'users:write',
    tag: 'People',
    summary: 'Add a user; the access key for the web service is shown once',
    body: z.object({ name: z.string(), role: RoleName.default('none'), ...details }),
    answer: z.object({ user: User, accessKey: z.string() }),
    statuses: [201],
    examples: { body: { name: 'anna', role: 'operator' }, answer: { user: ANNA, accessKey: 'k3y' } },
    async handle({ administration, caller, body: { role, ...rest } }) {
      requireMayGiveKey(caller);
      if (role !== 'none') requireMayGrant(caller, [role]);
      const kept = role === 'operator' || role === 'viewer' ? { role } : {};
      const { user, accessKey } = await administration.addUser({ ...rest, ...kept, admin: role === 'administrator' });
      return { user: userView(user), accessKey };
    },
  }),
  operation({
    id: 'changeUser',
    method: 'patch',
    path: '/users/{name}',
    access: 'users:write',
    tag: 'People',
    summary: 'Change a user; what is left out stays',
    params: ByName,
    body: z.object({ role: RoleName.exactOptional(), active: z.boolean().exactOptional(), ...details }),
    answer: User,
    examples: { body: { active: false }, answer: { ...ANNA, active: false } },
    async handle({ administration, caller, params, body: { role, ...rest } }) {
      await requireMayGovern(caller, administration, params.name);
      if (role !== undefined && role !== 'none') requireMayGrant(caller, [role]);
      return userView(await administration.changeUser({ ...params, ...rest, ...roleChange(role) }));
    },
  }),
  operation({
    id: 'renewAccessKey',
    method: 'post',
    path: '/users/{name}/access-key',
    access: 'users:write',
    tag: 'People',
    summary: 'Give a user a new access key; the old one stops working',
    params: ByName,
    answer: AccessKey,
    async handle({ administration, caller, params }) {
      const user = await requireMayGovern(caller, administration, params.name);
      if (user !== undefined) requireMayGiveKey(caller);
      return administration.renewAccessKey(params);
    },
  }),
  operation({
    id: 'setPassword',
    method: 'put',
    path: '/users/{name}/password',
    access: 'users:write',
    tag: 'People',
    summary: 'Set a password; the user is logged out everywhere',
    params: ByName,
    body: z.object({ password: z.string() }),
    examples: { body: { password: 'four words that nobody guesses' } },
    async handle({ administration, caller, params, body }) {
      await requireMayGovern(caller, administration, params.name);
      await administration.setPassword({ ...params, ...body });
      return new ApiAnswer(204, undefined);
    },
  }),
];

function roleChange(role: Role | 'none' | undefined): {
  readonly admin?: boolean;
  readonly role?: 'operator' | 'viewer' | 'none';
} {
  if (role === undefined) return {};
  return role === 'administrator' ? { admin: true, role: 'none' } : { admin: false, role };
}

function userView({ admin, role, ...user }: UserEntry): z.infer<typeof User> {
  const { preferences, ...rest } = user;
  const shown = preferences === undefined ? {} : { preferences };
  return { ...rest, role: roleOf({ admin, ...(role === undefined ? {} : { role }) }) ?? 'none', ...shown };
}
