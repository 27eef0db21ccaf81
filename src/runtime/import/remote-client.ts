import { createHash } from 'node:crypto';
import { MapwrightError } from '../../core/error.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { webserviceAddress } from './remote-address.ts';
import { type ExchangeParts, RemoteRefusal, exchange } from './remote-exchange.ts';

/** Which install to talk to, and as whom. */
export interface RemoteLogin {
  readonly url: string;
  readonly user: string;
  /** In no message, log or file. */
  readonly accessKey: string;
}

/** What an operation is called with besides its parameters. */
export interface RemoteCallOptions {
  /** False for what would be done twice: it is not sent again when no answer came. Default true. */
  readonly repeatable?: boolean;
}

/**
 * Another install, coreBOS or Mapwright, through its webservice.php. One call at a time: coreBOS serialises the calls of
 * a session anyway. Every method rejects with RemoteRefusal, IMPORT_UNREACHABLE, IMPORT_ANSWER_INVALID or
 * IMPORT_LOGIN_REFUSED.
 */
export interface RemoteClient {
  /** The address of its web service, always written alike: it tells one source from another. */
  readonly url: string;
  /** The id there of the user who is logged in: `19x1`. */
  readonly userId: string;
  /** The `result` of an operation. A session that ended meanwhile is renewed. */
  call(operation: string, parameters: Readonly<Record<string, string>>, options?: RemoteCallOptions): Promise<Json>;
  /** The rows of a query. */
  query(text: string): Promise<readonly JsonObject[]>;
  /** Logs out. Never rejects. */
  close(): Promise<void>;
}

const SESSION_OVER: ReadonlySet<string> = new Set([
  'AUTHENTICATION_REQUIRED',
  'INVALID_SESSIONID',
  'INVALID_AUTH_TOKEN',
  'SESSION_EXPIRED',
]);

/** Logs in at another install. Rejects with IMPORT_URL_INVALID and what its methods reject with. */
export async function openRemote(parts: ExchangeParts, login: RemoteLogin): Promise<RemoteClient> {
  const url = webserviceAddress(login.url);
  let session = await logIn(parts, { ...login, url });
  const send = (operation: string, parameters: Readonly<Record<string, string>>, repeatable: boolean) =>
    exchange(parts, {
      url,
      method: 'POST',
      parameters: { operation, ...parameters, sessionName: session.name },
      repeatable,
    });
  const call: RemoteClient['call'] = async (operation, parameters, { repeatable = true } = {}) => {
    try {
      return await send(operation, parameters, repeatable);
    } catch (thrown) {
      if (!(thrown instanceof RemoteRefusal) || !SESSION_OVER.has(thrown.remoteCode)) throw thrown;
      session = await logIn(parts, { ...login, url });
      return send(operation, parameters, repeatable);
    }
  };
  return {
    url,
    userId: session.userId,
    call,
    async query(text) {
      const rows = await call('query', { query: text });
      return Array.isArray(rows) ? rows.filter((row) => isJsonObject(row)) : [];
    },
    close: async () => {
      // Also after Ctrl-C: a session that nobody needs would stay open for a day.
      const { signal: _, ...unhurried } = parts;
      const parameters = { operation: 'logout', sessionName: session.name };
      await exchange(unhurried, { url, method: 'POST', parameters, repeatable: false }).catch(() => undefined);
    },
  };
}

interface RemoteSession {
  readonly name: string;
  readonly userId: string;
}

async function logIn(parts: ExchangeParts, { url, user, accessKey }: RemoteLogin): Promise<RemoteSession> {
  try {
    const ask = (method: 'GET' | 'POST', parameters: Readonly<Record<string, string>>) =>
      exchange(parts, { url, method, parameters, repeatable: true });
    const challenge = await ask('GET', { operation: 'getchallenge', username: user });
    const token = textIn(challenge, 'token');
    const key = createHash('md5').update(`${token}${accessKey}`).digest('hex');
    const login = await ask('POST', { operation: 'login', username: user, accessKey: key });
    return { name: textIn(login, 'sessionName'), userId: textIn(login, 'userId') };
  } catch (thrown) {
    if (!(thrown instanceof RemoteRefusal)) throw thrown;
    throw new MapwrightError('IMPORT_LOGIN_REFUSED', `${new URL(url).host} lets ${user} not in: ${thrown.message}`, {
      hint: "give the web service access key of that user: in coreBOS under the user's preferences, in Mapwright: user key",
      cause: thrown,
    });
  }
}

function textIn(answer: Json, name: string): string {
  const value = isJsonObject(answer) ? answer[name] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new MapwrightError('IMPORT_ANSWER_INVALID', `the other install answers a login without ${name}`, {
    hint: 'see whether /webservice.php there is that of coreBOS or Mapwright',
  });
}
