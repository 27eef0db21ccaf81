import { z } from '@hono/zod-openapi';
import type { Caller } from '../../../core/access.ts';
import { loginCookie, loginOf } from '../authentication.ts';
import { beginLogin } from '../login-attempts.ts';
import { ApiAnswer, operation } from '../operation.ts';
import { ApiRefusal } from '../problem.ts';

const Me = z
  .object({
    kind: z.enum(['user', 'token', 'local']),
    name: z.string(),
    user: z.string().optional().openapi({ example: '19x2' }),
    scopes: z.array(z.string()),
  })
  .openapi('Me');

const ANNA = { kind: 'user', name: 'anna', user: '19x2', scopes: ['status:read', 'runs:read'] };

/** Logging in and out, and what one may do. */
export const SESSION_OPERATIONS = [
  operation({
    id: 'logIn',
    method: 'post',
    path: '/session',
    access: 'anybody',
    tag: 'Access',
    summary: 'Log in; the cookie lasts an hour without use, and twelve at most',
    body: z.object({ name: z.string().max(200), password: z.string().max(2_000) }),
    answer: Me,
    examples: { body: { name: 'anna', password: 'four words that nobody guesses' }, answer: ANNA },
    async handle({ parts, body, caller: { from }, request }) {
      const attempt = await beginLogin(parts, body.name, from);
      const opened = await parts.access.logIn({ ...body, from });
      if (opened === undefined) {
        throw new ApiRefusal(401, 'API_LOGIN_REFUSED', 'name or password is wrong, or the user may not log in', {
          hint: 'an administrator gives a password with: mapwright user password NAME',
        });
      }
      await attempt.succeeded();
      // The browser forgets the login that it had: nobody else shall use it.
      const earlier = loginOf(request);
      if (earlier !== undefined) await parts.access.logOut(earlier);
      return new ApiAnswer(200, meView(opened.caller), { 'Set-Cookie': loginCookie(request, opened.name) });
    },
  }),
  operation({
    id: 'logOut',
    method: 'delete',
    path: '/session',
    access: 'session',
    tag: 'Access',
    summary: 'Log out',
    async handle({ parts, request }) {
      const login = loginOf(request);
      if (login !== undefined) await parts.access.logOut(login);
      return new ApiAnswer(204, undefined, { 'Set-Cookie': loginCookie(request, '') });
    },
  }),
  operation({
    id: 'whoAmI',
    method: 'get',
    path: '/me',
    access: 'session',
    tag: 'Access',
    summary: 'Who the caller is, and may do',
    answer: Me,
    examples: { answer: ANNA },
    handle: ({ caller }) => Promise.resolve(meView(caller)),
  }),
  operation({
    id: 'changeOwnPassword',
    method: 'put',
    path: '/me/password',
    access: 'session',
    tag: 'Access',
    summary: 'Change the own password; one is logged out everywhere',
    body: z.object({ current: z.string().max(2_000), password: z.string().max(2_000) }),
    examples: { body: { current: 'what it was until now', password: 'four words that nobody guesses' } },
    async handle({ administration, parts, caller, body }) {
      if (caller.kind !== 'user') {
        throw new ApiRefusal(403, 'API_FORBIDDEN', 'a token has no password', { hint: 'log in, and try again' });
      }
      const attempt = await beginLogin(parts, caller.name, caller.from);
      if (!(await parts.access.isPasswordOf(caller.name, body.current))) {
        throw new ApiRefusal(422, 'API_PASSWORD_WRONG', 'the current password is another one', {
          pointers: [{ pointer: '/body/current', detail: 'is not the password' }],
        });
      }
      await attempt.succeeded();
      await administration.setPassword({ name: caller.name, password: body.password });
      return new ApiAnswer(204, undefined);
    },
  }),
];

function meView({ kind, name, user, scopes }: Caller): z.infer<typeof Me> {
  return { kind, name, ...(user === undefined ? {} : { user }), scopes: [...scopes] };
}
