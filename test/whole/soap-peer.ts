import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

const WSDL = readFileSync(new URL('../fixtures/soap/check-vat.wsdl', import.meta.url), 'utf8');

/** What a SOAP peer was asked: the number is looked up in the envelope. */
export interface SoapRequest {
  readonly vatNumber: string;
  readonly body: string;
  readonly action: string | undefined;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
}

export interface SoapReply {
  readonly status: number;
  /** The content of the SOAP body; undefined: the connection is cut without an answer. */
  readonly content: string | undefined;
}

/** A service that checks VAT numbers, over real HTTP: its WSDL at `/checkVat?wsdl`, its operation at `/service`. */
export class SoapPeer {
  readonly asked: SoapRequest[] = [];
  wsdlReads = 0;
  reply: (request: SoapRequest) => SoapReply = () => ({ status: 200, content: found('ACME', true) });
  readonly #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** A peer at an address where nobody listens until it is started. */
  static async reserve(t: TestContext): Promise<SoapPeer> {
    const peer = new SoapPeer();
    await peer.start();
    await peer.stop();
    t.after(() => peer.stop());
    return peer;
  }

  static async open(t: TestContext): Promise<SoapPeer> {
    const peer = await SoapPeer.reserve(t);
    await peer.start();
    return peer;
  }

  get wsdl(): string {
    return `http://127.0.0.1:${this.#port}/checkVat?wsdl`;
  }

  async start(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/checkVat?wsdl') {
      this.wsdlReads++;
      response.setHeader('content-type', 'text/xml');
      response.end(WSDL.replaceAll('https://soap.example.com/older', `http://127.0.0.1:${this.#port}/service`));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const asked = {
      vatNumber: /vatNumber>([^<]*)</u.exec(body)?.[1] ?? '',
      body,
      action: request.headers['soapaction']?.toString(),
      contentType: request.headers['content-type'],
      authorization: request.headers.authorization,
    };
    this.asked.push(asked);
    const { status, content } = this.reply(asked);
    if (content === undefined) return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' });
    response.end(
      `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${content}</s:Body></s:Envelope>`,
    );
  }
}

/** The content of an answer to checkVat. */
export function found(name: string, valid: boolean): string {
  return `<checkVatResponse xmlns="urn:v"><valid>${valid}</valid><name>${name}</name><requestDate>2025-03-14+01:00</requestDate></checkVatResponse>`;
}

/** The content of a fault. */
export function fault(code: string, message: string): string {
  return `<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>s:${code}</faultcode><faultstring>${message}</faultstring></s:Fault>`;
}
