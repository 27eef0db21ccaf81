import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import { MapwrightError } from '../../src/core/error.ts';
import { type Json, type JsonObject, isJsonObject } from '../../src/core/json.ts';
import type { Install } from '../../src/runtime/install.ts';
import { createWebserviceApp } from '../../src/server/webservice/webservice-app.ts';
import type { WebserviceParts } from '../../src/server/webservice/webservice-parts.ts';
import type { ApiRequest, CrashWorld } from './scenario.ts';

/** The name of the setting that holds the token of the API's callers: in an install of this tool it keeps nobody out. */
export const TOKEN_SETTING = 'api_token';

/** The ways in for clients: the web service, as the administrator, and the REST API. */
export function callersOf(params: {
  readonly install: Install;
  readonly service: WebserviceParts;
  readonly clock: Clock;
}): Pick<CrashWorld, 'web' | 'api'> {
  const { install, service, clock } = params;
  const app = createWebserviceApp(service);
  const ask = async (parameters: Readonly<Record<string, string>>, isGet = false): Promise<JsonObject> => {
    const form = new URLSearchParams(parameters);
    const response = await (isGet
      ? app.request(`/webservice.php?${form}`)
      : app.request('/webservice.php', { method: 'POST', body: form }));
    return resultOf(await response.json());
  };
  // Few scenarios need it, and it takes longer to load than all else.
  const openApi = async () => {
    const { createApiApp } = await import('../../src/server/api/api-app.ts');
    return createApiApp({
      administrationFor: install.administrationFor,
      access: install.access,
      listen: () => () => undefined,
      clock,
      ids: { next: randomUUID },
      version: 'crash-points',
      log: ({ error }) => service.log?.({ id: '', operation: undefined, error }),
    });
  };
  let session: Promise<string> | undefined;
  let opened: ReturnType<typeof openApi> | undefined;
  const logIn = async (): Promise<string> => {
    const { token } = await ask({ operation: 'getchallenge', username: 'admin' }, true);
    const key = (await install.identities.accessKey('19x1')) ?? '';
    const accessKey = createHash('md5')
      .update(`${String(token)}${key}`)
      .digest('hex');
    return String((await ask({ operation: 'login', username: 'admin', accessKey }))['sessionName']);
  };
  return {
    async web(operation, parameters) {
      session ??= logIn();
      return ask({ ...parameters, operation, sessionName: await session });
    },
    async api({ method, path, body, key }: ApiRequest) {
      const { [TOKEN_SETTING]: token = '' } = await install.administration.settings();
      const api = await (opened ??= openApi());
      const response = await api.request(`/api/v1${path}`, {
        method,
        body: JSON.stringify(body),
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
      });
      const answer: Json = JSON.parse((await response.text()) || '{}');
      const told = isJsonObject(answer) ? answer : { items: answer };
      if (response.ok) return told;
      throw new MapwrightError(codeIn(told, 'API_FAILED'), JSON.stringify(told));
    },
  };
}

function resultOf(answer: unknown): JsonObject {
  const { success, result, error } = answer as { success: boolean; result?: Json; error?: JsonObject };
  if (success) return isJsonObject(result) ? result : { result: result ?? null };
  throw new MapwrightError(codeIn(error ?? {}, 'WEBSERVICE_FAILED'), String(error?.['message']));
}

function codeIn({ code }: JsonObject, otherwise: string): string {
  return typeof code === 'string' ? code : otherwise;
}
