import { z } from '@hono/zod-openapi';
import type { Caller } from '../../../core/access.ts';
import { CREDENTIAL_KINDS } from '../../../core/credential.ts';
import type { CredentialEntry } from '../../../runtime/administration.ts';
import { Diagnostic, Moment, SourceFile } from '../document-schemas.ts';
import { operation } from '../operation.ts';
import { listOf } from '../page.ts';
import { ApiRefusal } from '../problem.ts';
import { Failure, RecordedAnswer, RecordedRequest } from '../run-schemas.ts';

const ByName = z.object({ name: z.string().openapi({ example: 'calendar' }) });
const User = z.string().max(200).optional().openapi({ description: 'Left out where all share the credential.' });

const Connection = z.object({
  user: z.string().optional(),
  person: z.string().optional(),
  state: z.enum(['connected', 'expired', 'settings-changed', 'none']),
  since: Moment.optional(),
  until: Moment.optional(),
  renews: z.boolean().optional(),
  scopes: z.array(z.string()).optional(),
  problem: z.string().optional(),
});

const Credential = z
  .object({
    name: z.string(),
    label: z.string().optional(),
    kind: z.enum(CREDENTIAL_KINDS),
    shared: z.boolean(),
    signIn: z.boolean(),
    services: z.array(z.string()),
    missing: z.array(z.string()).openapi({ description: 'Secrets that it needs and that are not set.' }),
    problem: z.string().optional(),
    connections: z.array(Connection),
    connected: z.int().optional(),
    unconnected: z.int().optional(),
  })
  .openapi('Credential');

const StartedSignIn = z
  .object({
    id: z.string(),
    url: z.string().openapi({ description: 'Opened in a browser by the person, and by nobody else.' }),
    expiresAt: Moment,
  })
  .openapi('StartedSignIn');

const Disconnected = z
  .object({
    removed: z.boolean(),
    provider: z.enum(['revoked', 'not-offered', 'failed', 'not-asked']),
    problem: z.string().optional(),
  })
  .openapi('Disconnected');

const CredentialTrial = z
  .object({
    diagnostics: z.array(Diagnostic),
    credential: z.string(),
    service: z.string().optional(),
    verdict: z.enum(['works', 'refused', 'unclear', 'failed']),
    why: z.string(),
    hint: z.string().optional(),
    token: z.enum(['got', 'kept']).optional(),
    request: RecordedRequest.optional(),
    answer: RecordedAnswer.optional(),
    failure: Failure.optional(),
    durationMs: z.number(),
  })
  .openapi('CredentialTrial');

const CALENDAR = {
  name: 'calendar',
  kind: 'oauth2-authorization-code',
  shared: false,
  signIn: true,
  services: ['calendar'],
  missing: [],
  connections: [{ user: 'anna', person: 'Anna Berg', state: 'connected', since: 1_767_171_900_000, renews: true }],
  connected: 1,
  unconnected: 3,
};
const STARTED = {
  id: 'fJ3k...',
  url: 'https://maps.example.com/oauth/connect/8sV2...',
  expiresAt: 1_767_172_500_000,
};

/** Looking at credentials. */
const SHOWN = [
  operation({
    id: 'listCredentials',
    method: 'get',
    path: '/credentials',
    access: 'credentials:read',
    tag: 'Credentials',
    summary: 'All credentials, and who is connected; never keys or tokens; of others only with users:read',
    answer: listOf(Credential),
    examples: { answer: { items: [CALENDAR] } },
    handle: async ({ administration, caller }) => ({
      items: (await administration.credentials()).map((entry) => shownTo(caller, entry)),
    }),
  }),
  operation({
    id: 'readCredential',
    method: 'get',
    path: '/credentials/{name}',
    access: 'credentials:read',
    tag: 'Credentials',
    summary: 'One credential, with everybody who has not connected; of others only with users:read',
    params: ByName,
    answer: Credential,
    handle: async ({ administration, params, caller }) => shownTo(caller, await administration.credential(params)),
  }),
  operation({
    id: 'readSignIn',
    method: 'get',
    path: '/credentials/{name}/sign-ins/{id}',
    access: 'credentials:read',
    tag: 'Credentials',
    summary: 'How a sign-in stands',
    params: ByName.extend({ id: z.string().max(100) }),
    answer: z
      .object({
        state: z.enum(['open', 'exchanging', 'interrupted', 'connected', 'failed', 'expired']),
        problem: z.string().optional(),
        expiresAt: Moment,
      })
      .openapi('SignIn'),
    handle: ({ administration, params }) => administration.signIn(params),
  }),
];

/** Connecting, oneself and others. */
const CONNECTED = [
  operation({
    id: 'connectMyself',
    method: 'post',
    path: '/credentials/{name}/mine/connect',
    access: 'credentials:connect',
    tag: 'Credentials',
    summary: 'Begin to sign in for oneself',
    params: ByName,
    answer: StartedSignIn,
    statuses: [201],
    examples: { answer: STARTED },
    handle: ({ administration, params, caller }) =>
      administration.connectCredential({ ...params, user: ownUser(caller), by: '' }),
  }),
  operation({
    id: 'disconnectMyself',
    method: 'post',
    path: '/credentials/{name}/mine/disconnect',
    access: 'credentials:connect',
    tag: 'Credentials',
    summary: 'Forget the own token, and have the provider forget it',
    params: ByName,
    answer: Disconnected,
    examples: { answer: { removed: true, provider: 'revoked' } },
    handle: ({ administration, params, caller }) =>
      administration.disconnectCredential({ ...params, user: ownUser(caller) }),
  }),
  operation({
    id: 'connectCredential',
    method: 'post',
    path: '/credentials/{name}/connect',
    access: 'credentials:write',
    tag: 'Credentials',
    summary: 'Begin a sign-in for all, or for somebody else, who is given the address',
    params: ByName,
    body: z.object({ user: User }),
    answer: StartedSignIn,
    statuses: [201],
    examples: { body: { user: 'anna' }, answer: STARTED },
    handle: ({ administration, params, body }) => administration.connectCredential({ ...params, ...body, by: '' }),
  }),
  operation({
    id: 'disconnectCredential',
    method: 'post',
    path: '/credentials/{name}/disconnect',
    access: 'credentials:write',
    tag: 'Credentials',
    summary: 'Forget a token, and have the provider forget it',
    params: ByName,
    body: z.object({ user: User }),
    answer: Disconnected,
    examples: { body: {}, answer: { removed: true, provider: 'not-offered' } },
    handle: ({ administration, params, body }) => administration.disconnectCredential({ ...params, ...body }),
  }),
];

/** Seeing whether a credential works. */
const TRIED = [
  operation({
    id: 'testCredential',
    method: 'post',
    path: '/credentials/{name}/test',
    access: 'maps:try',
    tag: 'Credentials',
    summary: 'Make the call by which one sees whether a credential works that all share',
    params: ByName,
    body: z.object({ service: z.string().max(200).optional() }),
    answer: CredentialTrial,
    examples: { body: { service: 'calendar' } },
    handle: ({ administration, params, body: { service } }) =>
      administration.testCredential({ ...params, documents: [], ...(service === undefined ? {} : { service }) }),
  }),
  operation({
    id: 'testCredentialDraft',
    method: 'post',
    path: '/credentials/test',
    access: 'credentials:write',
    tag: 'Credentials',
    summary: 'The same with documents that are not applied, at another address, or with somebody’s own token',
    isLarge: true,
    body: z.object({
      name: z.string().max(200).optional(),
      documents: z.array(SourceFile).default([]),
      service: z.string().max(200).optional(),
      url: z
        .url({ protocol: /^https?$/u })
        .max(10_000)
        .optional(),
      user: z.string().max(200).optional(),
    }),
    answer: CredentialTrial,
    examples: { body: { name: 'calendar', documents: [], user: 'anna' } },
    handle: ({ administration, body }) => administration.testCredential(given(body)),
  }),
];

/** Credentials in force: who is connected, and whether they work. */
export const CREDENTIAL_OPERATIONS = [...SHOWN, ...CONNECTED, ...TRIED];

/** Who the others are is for those alone who may see users; how many have connected is for all. */
function shownTo({ kind, name, scopes }: Caller, entry: CredentialEntry): CredentialEntry {
  if (scopes.has('users:read')) return entry;
  const own = kind === 'user' ? name : undefined;
  return { ...entry, connections: entry.connections.filter(({ user }) => user === undefined || user === own) };
}

/** Throws CREDENTIAL_USER_NEEDED: a token is nobody. */
function ownUser({ kind, name }: Caller): string {
  if (kind === 'user') return name;
  throw new ApiRefusal(422, 'CREDENTIAL_USER_NEEDED', `${name} is no user, and has no account to connect`, {
    hint: 'log in as a user, or have an administrator connect one: POST /credentials/{name}/connect',
  });
}

/** Without the members that are not there. */
function given<T extends object>(body: T): { [M in keyof T]: Exclude<T[M], undefined> } {
  // Sound because the members that are left are those that are not undefined.
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as {
    [M in keyof T]: Exclude<T[M], undefined>;
  };
}
