import { createHash } from 'node:crypto';
import { MapwrightError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';

/** A record as webservice.php gives it: texts. */
export type WireRecord = Readonly<Record<string, string>>;

/** What the demo does at an install, the way any client program would: over HTTP, with a session of its own. */
export class WebserviceClient {
  readonly #url: string;
  #session = '';

  private constructor(url: string) {
    this.#url = `${url}/webservice.php`;
  }

  /** Challenge and login. Rejects with the server's code. */
  static async signIn(params: { url: string; user: string; accessKey: string }): Promise<WebserviceClient> {
    const client = new WebserviceClient(params.url);
    const { token } = await client.#call<{ token: string }>('GET', {
      operation: 'getchallenge',
      username: params.user,
    });
    const accessKey = createHash('md5')
      .update(token + params.accessKey)
      .digest('hex');
    const login = { operation: 'login', username: params.user, accessKey };
    client.#session = (await client.#call<{ sessionName: string }>('POST', login)).sessionName;
    return client;
  }

  create(module: string, element: JsonObject): Promise<WireRecord> {
    return this.#call('POST', { operation: 'create', elementType: module, element: JSON.stringify(element) });
  }

  revise(element: JsonObject): Promise<WireRecord> {
    return this.#call('POST', { operation: 'revise', element: JSON.stringify(element) });
  }

  retrieve(id: string): Promise<WireRecord> {
    return this.#call('GET', { operation: 'retrieve', id });
  }

  query(query: string): Promise<readonly WireRecord[]> {
    return this.#call('GET', { operation: 'query', query });
  }

  async signOut(): Promise<void> {
    await this.#call('POST', { operation: 'logout' });
    this.#session = '';
  }

  async #call<T>(method: 'GET' | 'POST', parameters: Readonly<Record<string, string>>): Promise<T> {
    const form = new URLSearchParams({
      ...parameters,
      ...(this.#session === '' ? {} : { sessionName: this.#session }),
    });
    const isGet = method === 'GET';
    const response = await (isGet ? fetch(`${this.#url}?${form}`) : fetch(this.#url, { method: 'POST', body: form }));
    const answer = (await response.json()) as Answer<T>;
    if (answer.success) return answer.result;
    throw new MapwrightError(answer.error.code, answer.error.message);
  }
}

type Answer<T> =
  | { readonly success: true; readonly result: T }
  | { readonly success: false; readonly error: { readonly code: string; readonly message: string } };
