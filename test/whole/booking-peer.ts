import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { listen as listenForSoap } from 'soap';

const WSDL = readFileSync(new URL('../fixtures/soap/booking.wsdl', import.meta.url), 'utf8');

/** What the service understood of one call. */
export interface Booked {
  readonly values: unknown;
  readonly header: Readonly<Record<string, unknown>> | undefined;
  readonly http: IncomingHttpHeaders;
}

/** A service that books orders, served by another implementation of SOAP over real HTTP. */
export class BookingPeer {
  readonly booked: Booked[] = [];
  wsdlReads = 0;
  url = '';
  /** A fault in that implementation's own form; undefined: the order is booked. */
  fault: object | undefined;
  /** Whether the security header of a call will do. */
  admits: (security: unknown) => boolean = () => true;

  static async open(t: TestContext, version: '1.1' | '1.2'): Promise<BookingPeer> {
    const peer = new BookingPeer();
    const server = createServer((request, response) => response.writeHead(404).end(request.url));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const newer = version === '1.2' ? WSDL.replaceAll('/wsdl/soap/', '/wsdl/soap12/') : WSDL;
    await peer.#serve(server, newer.replaceAll('http://elsewhere.example', peer.url), version === '1.2');
    server.on('request', ({ method }) => {
      if (method === 'GET') peer.wsdlReads += 1;
    });
    return peer;
  }

  async #serve(server: ReturnType<typeof createServer>, xml: string, isNewer: boolean): Promise<void> {
    const Book = (
      values: unknown,
      _callback: unknown,
      header: Booked['header'],
      { headers }: { headers: IncomingHttpHeaders },
    ) => {
      this.booked.push({ values, header, http: headers });
      if (this.fault !== undefined) throw this.fault;
      return { booking: `B-${this.booked.length}`, lines: 2 };
    };
    await new Promise<void>((resolve, reject) => {
      const soap = listenForSoap(server, {
        path: '/booking',
        services: { BookingService: { BookingPort: { Book } } },
        xml,
        forceSoap12Headers: isNewer,
        callback: (error) => (error ? reject(error) : resolve()),
      });
      soap.authenticate = (security: unknown) => this.admits(security);
    });
  }
}
