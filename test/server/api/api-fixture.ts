import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Caller, type Role, type Scope, localCaller } from '../../../src/core/access.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { type Install, openInstall } from '../../../src/runtime/install.ts';
import type { SourceFile } from '../../../src/runtime/administration.ts';
import { createApiApp } from '../../../src/server/api/api-app.ts';
import { API_OPERATIONS } from '../../../src/server/api/api-operations.ts';
import type { ApiLimits } from '../../../src/server/api/api-parts.ts';
import type { Operation } from '../../../src/server/api/operation.ts';
import { Problem } from '../../../src/server/api/problem.ts';

export const ORIGIN = 'http://maps.test';
export const PASSWORD = 'four words nobody guesses';
export const ROOT: Caller = localCaller('root');

/** A clock that a test moves. */
export class MovedClock implements Clock {
  #now = Date.UTC(2026, 0, 31, 9, 5);

  now(): number {
    return this.#now;
  }

  move(ms: number): void {
    this.#now += ms;
  }
}

/** What was answered, its body read as JSON. */
export interface ApiResult {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface ApiCall {
  readonly token?: string;
  readonly cookie?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An install behind its API, in this process: every answer is checked against the schema that describes it. */
export class ApiTest {
  readonly install: Install;
  readonly clock: MovedClock;
  readonly failures: unknown[] = [];
  readonly app: ReturnType<typeof createApiApp>;
  readonly stopping = new AbortController();

  private constructor(install: Install, clock: MovedClock, limits: Partial<ApiLimits>) {
    this.install = install;
    this.clock = clock;
    this.app = createApiApp({
      administrationFor: install.administrationFor,
      access: install.access,
      listen: (listener) => install.events.on('run-ended', listener),
      clock,
      ids: { next: () => randomUUID() },
      version: '1.2.3',
      stopping: this.stopping.signal,
      log: ({ error }) => this.failures.push(error),
      limits,
    });
  }

  static async open(
    t: TestContext,
    options: { readonly documents?: readonly SourceFile[]; readonly limits?: Partial<ApiLimits> } = {},
  ): Promise<ApiTest> {
    const folder = await mkdtemp(join(tmpdir(), 'mapwright-api-'));
    const clock = new MovedClock();
    const install = await openInstall({ folder, env: {}, clock });
    t.after(async () => {
      await install.close(0);
      await rm(folder, { recursive: true });
    });
    const { documents = [], limits = {} } = options;
    if (documents.length > 0) {
      const report = await install.administration.apply({ documents, prune: true, dryRun: false, by: 'test' });
      assert.deepEqual(
        report.diagnostics.filter(({ severity }) => severity === 'error'),
        [],
      );
    }
    return new ApiTest(install, clock, limits);
  }

  /** A token with these roles and scopes. */
  async token(...grants: readonly (Role | Scope)[]): Promise<string> {
    const name = `t${randomUUID()}`;
    return (await this.install.administration.createToken({ name, grants, by: 'test' })).secret;
  }

  /** A user of this role with a password; the name is the role's when none is given. */
  async user(role: Role | 'none', name: string = role): Promise<void> {
    const kept = role === 'operator' || role === 'viewer' ? { role } : {};
    await this.install.administration.addUser({ name, admin: role === 'administrator', ...kept });
    await this.install.administration.setPassword({ name, password: PASSWORD });
  }

  /** Logs in, and gives the cookie. */
  async login(name: string, password = PASSWORD): Promise<string> {
    const { status, headers } = await this.call('POST', '/session', { body: { name, password } });
    assert.equal(status, 200);
    return (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  }

  async call(method: string, path: string, call: ApiCall = {}): Promise<ApiResult> {
    const response = await this.raw(method, path, call);
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const operation = operationOf(method, path);
    if (operation !== undefined) checkAnswer(operation, response, body);
    return { status: response.status, headers: response.headers, body };
  }

  /** The answer as it comes. A cookie comes from a page of ours unless the headers say otherwise. */
  async raw(method: string, path: string, { token, cookie, body, headers = {} }: ApiCall = {}): Promise<Response> {
    const given = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cookie === undefined ? {} : { cookie, origin: ORIGIN }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    return this.app.request(`${ORIGIN}/api/v1${path}`, { method, headers: given, body: text });
  }
}

/** The operation that answers this. */
function operationOf(method: string, path: string): Operation | undefined {
  const [plain = ''] = path.split('?');
  const fits = (one: Operation): boolean =>
    one.method === method.toLowerCase() &&
    new RegExp(`^${one.path.replaceAll(/\{\w+\}/gu, '[^/]+')}$`, 'u').test(plain);
  // A fixed path is served before one with a parameter.
  return API_OPERATIONS.filter(fits).toSorted((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
}

/** Fails when the answer is not as the API is described. */
function checkAnswer(operation: Operation, response: Response, body: unknown): void {
  const what = `${operation.id} ${response.status} ${JSON.stringify(body)}`;
  if (response.status >= 400) {
    assert.equal(response.headers.get('content-type'), 'application/problem+json', what);
    assert.deepEqual(Problem.parse(body), body, what);
    return;
  }
  const { statuses = [operation.answer === undefined ? 204 : 200] } = operation;
  assert.ok(statuses.includes(response.status), what);
  if (response.status === 204) return assert.equal(body, undefined, what);
  assert.deepEqual(operation.answer?.parse(body), body, what);
}

/** A member of an answer, by its path: `items.0.name`. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (one, name) => (typeof one === 'object' && one !== null ? Reflect.get(one, name) : undefined),
      value,
    );
}
