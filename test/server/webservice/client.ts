import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Hono } from 'hono';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { SettingStore } from '../../../src/core/secret-store.ts';
import { isJsonObject } from '../../../src/core/json.ts';
import { compileCatalog } from '../../../src/catalog/catalog.ts';
import { createWorkflowStarter } from '../../../src/engine/workflow-starter.ts';
import type { UnexpectedFailure } from '../../../src/server/webservice/failure-response.ts';
import { createWebserviceApp } from '../../../src/server/webservice/webservice-app.ts';
import { createQueueWorker } from '../../../src/server/webservice/queue-worker.ts';
import type { WebserviceParts } from '../../../src/server/webservice/webservice-parts.ts';
import { openInstall } from '../../crm/install.ts';
import { MODULES } from '../../crm/modules.ts';

/** Where the protocol is spoken. */
export const PATH = '/webservice.php';

/** The web service on a new install, with what it logs; `change` replaces parts of it. */
export async function openService(test: TestContext, change: Partial<WebserviceParts> = {}) {
  const install = await openInstall(test);
  const failures: UnexpectedFailure[] = [];
  const parts: WebserviceParts = {
    crm: install.crm,
    starter: createWorkflowStarter({
      records: install.records,
      host: install.crm,
      settings: { all: async () => ({}) },
      clock: install.clock,
      timeZone: 'UTC',
      catalog: async () => compileCatalog([], 0).catalog,
      onAccepted: () => undefined,
      awaitRuns: async () => [],
      evaluator: () => assert.fail('there are no conditions of the original here'),
    }),
    identities: install.identities,
    settings: settingsOf(install.settings),
    modules: () => MODULES,
    clock: install.clock,
    ids: { next: randomUUID },
    randomBytes,
    log: (failure) => failures.push(failure),
    ...change,
  };
  const queue = createQueueWorker(parts, install.operations);
  return { ...install, app: createWebserviceApp({ ...parts, queue }), queue, failures };
}

/** Settings as administration gives them, without its checks. */
function settingsOf(settings: SettingStore): WebserviceParts['settings'] {
  return {
    settings: () => settings.all(),
    setSetting: ({ name, value }) => settings.set(name, value),
    removeSetting: ({ name }) => settings.remove(name),
  };
}

/** An answer of the protocol, taken apart. */
export interface Envelope {
  readonly success: Json | undefined;
  readonly result: Json;
  readonly code: string | undefined;
  readonly message: string;
  readonly moreinfo: Json | undefined;
}

/** Reads an answer of the protocol; throws when it is none. */
export async function readEnvelope(response: Response): Promise<Envelope> {
  const body: unknown = await response.json();
  if (!isJsonObject(body)) throw new Error('the answer is no JSON object');
  const error: JsonObject = isJsonObject(body.error) ? body.error : {};
  const code = typeof error.code === 'string' ? error.code : undefined;
  const message = typeof error.message === 'string' ? error.message : '';
  return { success: body.success, result: body.result ?? null, code, message, moreinfo: body.moreinfo };
}

/** One call with its parameters in a form, as the sync's maps make it. */
export async function post(app: Hono, parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(parameters);
  return readEnvelope(await app.request(PATH, { method: 'POST', body, headers }));
}

/** One call with its parameters in the query string. */
export async function get(app: Hono, parameters: Record<string, string>) {
  return readEnvelope(await app.request(`${PATH}?${new URLSearchParams(parameters)}`));
}

/** A member of an object answered; undefined when it is no object. */
export function member(value: Json, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}

/** `md5(token + key)`. */
export function accessKeyFor(token: string, key: string): string {
  return createHash('md5').update(`${token}${key}`).digest('hex');
}

/** A new challenge of a user. */
export async function challenge(app: Hono, username: string): Promise<string> {
  return String(member((await get(app, { operation: 'getchallenge', username })).result, 'token'));
}

/** Logs a user in, challenge first; gives the session's name. */
export async function logIn(app: Hono, username = 'admin'): Promise<string> {
  const accessKey = accessKeyFor(await challenge(app, username), `key-of-${username}`);
  const { result } = await post(app, { operation: 'login', username, accessKey });
  return String(member(result, 'sessionName'));
}
