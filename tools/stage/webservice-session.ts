import { createHash } from 'node:crypto';

/** A record as webservice.php gives it: texts. */
export type WireRecord = Readonly<Record<string, string>>;

/** The server's own refusal of a request. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code} ${message}`);
    this.code = code;
  }
}

/** Where and as whom a session is opened. */
export interface SessionParams {
  readonly url: string;
  readonly accessKey: string;
}

/** A client's session at an install. Requests reject with `Refused`, or as `fetch` does when no answer came. */
export class WebserviceSession {
  readonly #url: string;
  readonly #session: string;

  private constructor(url: string, session: string) {
    this.#url = url;
    this.#session = session;
  }

  /** Challenge and login as the administrator. */
  static async open({ url, accessKey }: SessionParams): Promise<WebserviceSession> {
    const address = `${url}/webservice.php`;
    const { token } = await call(`${address}?operation=getchallenge&username=admin`);
    const login = { operation: 'login', username: 'admin', accessKey: md5(`${token}${accessKey}`) };
    return new WebserviceSession(address, (await call(address, login))['sessionName'] ?? '');
  }

  /** The same identifier may be sent again as long as no answer has come. */
  create(module: string, element: WireRecord, identifier?: string): Promise<WireRecord> {
    return this.#post({ operation: 'create', elementType: module, element: JSON.stringify(element) }, identifier);
  }

  revise(element: WireRecord, identifier?: string): Promise<WireRecord> {
    return this.#post({ operation: 'revise', element: JSON.stringify(element) }, identifier);
  }

  #post(parameters: WireRecord, identifier: string | undefined): Promise<WireRecord> {
    const options = identifier === undefined ? {} : { cbwsOptions: requestOptions(identifier) };
    return call(this.#url, { ...parameters, ...options, sessionName: this.#session });
  }
}

function requestOptions(identifier: string): string {
  return JSON.stringify({ ClientRequestIdentifier: identifier });
}

const ANSWER_TIMEOUT_MS = 20_000;

async function call(url: string, form?: WireRecord): Promise<WireRecord> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const response = await fetch(url, form === undefined ? { signal } : { signal, method: 'POST', body: formOf(form) });
  const answer = (await response.json()) as Answer;
  if (answer.success) return answer.result;
  throw new Refused(answer.error.code, answer.error.message);
}

function formOf(form: WireRecord): URLSearchParams {
  return new URLSearchParams({ ...form });
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

type Answer =
  | { readonly success: true; readonly result: WireRecord }
  | { readonly success: false; readonly error: { readonly code: string; readonly message: string } };
