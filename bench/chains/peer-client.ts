import { createHash } from 'node:crypto';
import { Pool } from 'undici';
import type { Product } from './product.ts';

const ANSWER_TIMEOUT_MS = 30_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A record on the wire, or what stands for one. */
export type WireValues = Readonly<Record<string, string>>;

interface Envelope<T> {
  readonly success: boolean;
  readonly result: T;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A session at a server that speaks webservice.php. */
export interface PeerSession {
  readonly name: string;
  readonly user: string;
}

/** A client of webservice.php as somebody would write it by hand, on undici's pool: keep-alive, no pipelining. */
export class PeerClient {
  readonly #pool: Pool;
  readonly #accessKey: string;
  #calls = 0;

  constructor(params: { readonly url: string; readonly accessKey: string; readonly connections: number }) {
    const { url, accessKey, connections } = params;
    const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };
    this.#pool = new Pool(url, { connections, pipelining: 1, ...timeouts });
    this.#accessKey = accessKey;
  }

  /** The four calls, one after the other; gives the product's id at the other side. */
  async chain(product: Product): Promise<string> {
    const session = await this.open();
    const { id = '' } = await this.create(session, { ...product, assigned_user_id: session.user });
    await this.#post({ operation: 'logout', sessionName: session.name });
    return id;
  }

  /** Challenge and login. */
  async open(): Promise<PeerSession> {
    const path = '/webservice.php?operation=getchallenge&username=admin';
    const { token = '' } = await this.#get<WireValues>(path);
    const accessKey = createHash('md5').update(`${token}${this.#accessKey}`).digest('hex');
    const { sessionName = '', userId = '' } = await this.#post({ operation: 'login', username: 'admin', accessKey });
    return { name: sessionName, user: userId };
  }

  /** Creates a product; gives it as the other side has it. Once only, however often it is sent, when it is `identified`. */
  create(session: PeerSession, element: WireValues, { identified = true } = {}): Promise<WireValues> {
    const identifier = `${session.name}-${++this.#calls}`;
    return this.#post({
      operation: 'create',
      sessionName: session.name,
      elementType: 'Products',
      element: JSON.stringify(element),
      ...(identified ? { cbwsOptions: JSON.stringify({ ClientRequestIdentifier: identifier }) } : {}),
    });
  }

  /** Asks in the query language. */
  query(session: PeerSession, text: string): Promise<readonly WireValues[]> {
    const parameters = new URLSearchParams({ operation: 'query', sessionName: session.name, query: text });
    return this.#get(`/webservice.php?${parameters.toString()}`);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #get<T>(path: string): Promise<T> {
    return this.#result(this.#pool.request({ method: 'GET', path }));
  }

  #post(fields: Record<string, string>): Promise<WireValues> {
    const body = new URLSearchParams(fields).toString();
    return this.#result(this.#pool.request({ method: 'POST', path: '/webservice.php', headers: FORM, body }));
  }

  async #result<T>(request: ReturnType<Pool['request']>): Promise<T> {
    const answer = (await (await request).body.json()) as Envelope<T>;
    if (!answer.success) throw new Error(`the call was refused: ${answer.error?.message}`);
    return answer.result;
  }
}
