import { readFileSync } from 'node:fs';
import type { CallAnswer, CallRequest, Connector } from '../../src/core/call.ts';
import { MapwrightError } from '../../src/core/error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { SoapAnswer, SoapCall, SoapClient } from '../../src/core/soap.ts';
import { createSoapClient } from '../../src/connector/soap/soap-client.ts';

/** What stands at an address: a text, or a whole answer. */
export type Page = string | Partial<Pick<CallAnswer, 'status' | 'headers' | 'body'>> | undefined;

export const WSDL_URL = 'http://orders.example/orders.wsdl';

export function soapFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/soap/${name}`, import.meta.url), 'utf8');
}

/** A client over a net of pages; what is at no address answers 404. */
export class SoapWorld {
  readonly asked: CallRequest[] = [];
  readonly client: SoapClient;
  now = 0;
  pageAt: (url: string) => Page;

  constructor(pages: Readonly<Record<string, Page>> | ((url: string) => Page)) {
    this.pageAt = typeof pages === 'function' ? pages : (url) => pages[url];
    const connector: Connector = {
      send: async (request) => {
        this.asked.push(request);
        return { kind: 'answered', answer: answerOf(this.pageAt(request.url)) };
      },
      close: async () => undefined,
    };
    this.client = createSoapClient({ connector, clock: { now: () => this.now } });
  }

  get urls(): string[] {
    return this.asked.map(({ url }) => url);
  }

  prepare(operation: string, values: JsonObject = {}, more: Partial<Question> = {}): Promise<SoapCall> {
    const limits = { connectTimeoutMs: 1000, totalTimeoutMs: 5000 };
    return this.client.prepare({ wsdl: WSDL_URL, operation, values, authorization: undefined, ...limits, ...more });
  }
}

type Question = Parameters<SoapClient['prepare']>[0];

function answerOf(page: Page): CallAnswer {
  const given = typeof page === 'string' ? { body: Buffer.from(page) } : (page ?? { status: 404 });
  return { status: 200, headers: [], body: new Uint8Array(), durationMs: 1, ...given };
}

/** The content of the request's SOAP body. */
export function bodyOf({ request }: SoapCall): string {
  return /:Body>(.*)<\/[A-Za-z-]+:Body>/su.exec(String(request.body))?.[1] ?? '';
}

/** The answer's reading, from the content of a SOAP body. */
export function readBody(call: SoapCall, content: string, version: '1.1' | '1.2' = '1.1'): Promise<SoapAnswer> {
  const namespace =
    version === '1.1' ? 'http://schemas.xmlsoap.org/soap/envelope/' : 'http://www.w3.org/2003/05/soap-envelope';
  const text = `<s:Envelope xmlns:s="${namespace}" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/"
xmlns:o="urn:orders"><s:Body>${content}</s:Body></s:Envelope>`;
  return call.readAnswer({ status: 200, headers: [], body: Buffer.from(text), durationMs: 1 });
}

/** The code that a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof MapwrightError) return thrown.code;
    throw thrown;
  }
  return 'nothing';
}
