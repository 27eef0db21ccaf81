import { createHash, randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import { messageOf } from '../../../src/core/error.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { createWebserviceApp } from '../../../src/server/webservice/webservice-app.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { type RequestInput, requestInput, SESSION } from '../generate/request.ts';
import { digestOf, openStockedInstall, type StockedInstall } from './stocked-install.ts';

const PATH = '/webservice.php';
/** What no operation of the web service changes, or not in a module that is not named. */
const UNTOUCHED_TABLES: ReadonlySet<string> = new Set([
  'm_Ledger',
  'users',
  'groups',
  'group_members',
  'secrets',
  'revisions',
  'revision_documents',
]);
/** Refusals that are no answers of the protocol: the request was none (400, 405, 413). */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [400, 'REQUEST_INVALID'],
  [405, 'REQUEST_METHOD'],
  [413, 'REQUEST_TOO_LARGE'],
]);
const CODE = /^[A-Z][A-Z_]+$/u;
const MAX_BODY_BYTES = 256 * 1024;
/** Records made before the install is made anew, so that rounds stay fast. */
const MOST_CREATED = 3_000;

/** Requests to the web service: always an answer of the protocol, never an internal error, nobody else's data touched. */
export const AREA: Area = {
  name: 'requests',
  limitMs: 2000,
  auditEvery: 2_000,
  generate: (random): Json => requestInput(random) as unknown as Json,
  open: () => RequestTarget.open(),
};

class RequestTarget implements Target {
  #served: ServedInstall;
  #created = 0;

  private constructor(served: ServedInstall) {
    this.#served = served;
  }

  static async open(): Promise<RequestTarget> {
    return new RequestTarget(await ServedInstall.open());
  }

  async judge(input: Json): Promise<Verdict> {
    const request = input as unknown as RequestInput;
    // The ledger is what no request may touch; one that names its records may.
    if (/77x|Ledger/u.test(JSON.stringify(request))) return 'refused';
    if (this.#created >= MOST_CREATED) await this.#renew();
    const response = await this.#served.send(request);
    const text = await response.text();
    const failures = this.#served.takeFailures();
    promise(failures.length === 0, () => `an internal error: ${failures.join('; ')}`);
    promise(response.status < 500, () => `status ${response.status}: ${text.slice(0, 500)}`);
    promise(
      !/node:internal|file:\/\/\/|\bat .+\.[jt]s:\d+/u.test(text),
      () => `the answer shows the inside: ${text.slice(0, 500)}`,
    );
    if (request.method === 'OPTIONS') return 'refused';
    const refusal = REFUSALS.get(response.status);
    if (refusal !== undefined) {
      const isSaid = request.method === 'HEAD' || text.startsWith(`${refusal}: `);
      promise(isSaid, () => `status ${response.status} says ${text.slice(0, 200)}`);
      return 'refused';
    }
    return this.#judgeEnvelope(response, text);
  }

  async audit(): Promise<void> {
    const { digest, folder } = this.#served;
    promise(ledgerDigest(folder) === digest, () => 'the ledger, the users or the documents are not what they were');
    await Promise.resolve();
  }

  close(): Promise<void> {
    return this.#served.close();
  }

  #judgeEnvelope(response: Response, text: string): Verdict {
    promise(response.status === 200, () => `status ${response.status}: ${text.slice(0, 500)}`);
    promise(response.headers.get('content-type') === 'application/json', () => 'an answer that is not called JSON');
    const body: unknown = JSON.parse(text);
    promise(isJsonObject(body) && 'moreinfo' in body, () => `not an answer of the protocol: ${text.slice(0, 500)}`);
    const { success, error, result } = body as JsonObject;
    if (success === true) {
      promise(result !== undefined && error === undefined, () => `no result: ${text.slice(0, 500)}`);
      if (isJsonObject(result) && typeof result['id'] === 'string') this.#created += 1;
      return 'accepted';
    }
    // Of several records some may fail, which is told without an error.
    if (error === undefined && isJsonObject(result)) return 'refused';
    const { code, message } = isJsonObject(error) ? error : {};
    const isCode = success === false && typeof code === 'string' && CODE.test(code) && code !== 'INTERNAL_SERVER_ERROR';
    promise(isCode, () => `not an error of the protocol: ${text.slice(0, 500)}`);
    promise(typeof message === 'string' && message !== '', () => `an error without a message: ${text.slice(0, 500)}`);
    return 'refused';
  }

  async #renew(): Promise<void> {
    await this.#served.close();
    this.#served = await ServedInstall.open();
    this.#created = 0;
  }
}

/** The web service on a stocked install, with a session of the administrator that is renewed when a request ends it. */
class ServedInstall {
  readonly #stocked: StockedInstall;
  readonly #app: Hono;
  readonly #failures: string[] = [];
  #session = '';
  readonly digest: string;

  private constructor(stocked: StockedInstall) {
    this.#stocked = stocked;
    this.digest = ledgerDigest(stocked.folder);
    this.#app = createWebserviceApp({
      ...stocked.install,
      settings: stocked.install.administration,
      clock: { now: () => Date.now() },
      ids: { next: () => randomBytes(8).toString('hex') },
      randomBytes,
      log: ({ operation, error }) =>
        this.#failures.push(`${operation}: ${error instanceof Error ? error.stack : messageOf(error)}`),
      limits: {
        maxBodyBytes: MAX_BODY_BYTES,
        login: { pair: Number.MAX_SAFE_INTEGER, address: Number.MAX_SAFE_INTEGER, windowMs: 1 },
      },
    });
  }

  static async open(): Promise<ServedInstall> {
    return new ServedInstall(await openStockedInstall());
  }

  get folder(): string {
    return this.#stocked.folder;
  }

  /** Sends the request, `SESSION` in it standing for the session. */
  async send(request: RequestInput): Promise<Response> {
    if (this.#session === '') await this.#logIn();
    const put = (text: string): string => text.replaceAll(SESSION, () => this.#session);
    const headers = new Headers();
    for (const [name, value] of request.headers) headers.append(name, put(value));
    const body = request.body === undefined ? undefined : new Uint8Array(Buffer.from(put(request.body), 'latin1'));
    const init: RequestInit = { method: request.method, headers };
    const response = await this.#app.request(
      `${PATH}${put(request.query)}`,
      body === undefined ? init : { ...init, body },
    );
    // Any request may be one to log out.
    if (!(await this.#isOpen())) this.#session = '';
    return response;
  }

  takeFailures(): readonly string[] {
    return this.#failures.splice(0);
  }

  close(): Promise<void> {
    return this.#stocked.close();
  }

  async #isOpen(): Promise<boolean> {
    return (await this.#stocked.install.identities.session(this.#session)) !== undefined;
  }

  async #logIn(): Promise<void> {
    const username = 'admin';
    const token = (await this.#call({ operation: 'getchallenge', username }))?.['token'];
    const accessKey = createHash('md5')
      .update(`${String(token)}${this.#stocked.accessKey}`)
      .digest('hex');
    const session = (await this.#call({ operation: 'login', username, accessKey }))?.['sessionName'];
    promise(typeof session === 'string', () => 'the administrator cannot log in');
    this.#session = session;
  }

  async #call(parameters: Record<string, string>): Promise<JsonObject | undefined> {
    const response = await this.#app.request(PATH, { method: 'POST', body: new URLSearchParams(parameters) });
    const { result } = (await response.json()) as JsonObject;
    return isJsonObject(result) ? result : undefined;
  }
}

function ledgerDigest(folder: string): string {
  return digestOf(folder, (table) => UNTOUCHED_TABLES.has(table));
}
