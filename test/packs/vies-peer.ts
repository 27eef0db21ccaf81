import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { listen as listenForSoap } from 'soap';

export const VIES_WSDL = readFileSync(new URL('../fixtures/soap/vies.wsdl', import.meta.url), 'utf8');

/** What was asked, by any of its ways. */
export interface Asked {
  readonly way: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const NAMES: Readonly<Record<string, readonly [name: string, address: string]>> = {
  BE0123456789: ['NV ACME & Söhne', 'Rue de la Loi 1\n1000 Bruxelles'],
  DE123456789: ['---', '---'],
};

/** VIES, over SOAP by another implementation and over REST. It knows two numbers. */
export class ViesPeer {
  url = '';
  readonly asked: Asked[] = [];
  /** Said instead of an answer, until it is taken away. */
  fault: string | undefined;

  static async open(t: TestContext): Promise<ViesPeer> {
    const peer = new ViesPeer();
    const server = createServer((request, response) => void peer.#rest(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    peer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await peer.#soap(server);
    return peer;
  }

  async #soap(server: ReturnType<typeof createServer>): Promise<void> {
    const checkVat = (values: Asked['values']) => this.#found('checkVat', values);
    const checkVatApprox = (values: Asked['values']) => {
      const { name, address, ...rest } = this.#found('checkVatApprox', values);
      const known = values['traderName'] === undefined ? '3' : values['traderName'] === name ? '1' : '2';
      const reference = values['requesterVatNumber'] === undefined ? '' : 'WAPIAAAA1';
      return {
        ...rest,
        traderName: name,
        traderAddress: address,
        traderNameMatch: known,
        requestIdentifier: reference,
      };
    };
    await new Promise<void>((resolve, reject) => {
      listenForSoap(server, {
        path: '/services/checkVatService',
        services: { checkVatService: { checkVatPort: { checkVat, checkVatApprox } } },
        xml: VIES_WSDL.replaceAll('https://vies.example', this.url),
        callback: (error) => (error ? reject(error) : resolve()),
      });
    });
  }

  /** Throws a fault in the other implementation's form. */
  #found(way: string, values: Asked['values']) {
    this.asked.push({ way, values });
    if (this.fault !== undefined) throw { Fault: { faultcode: 'env:Server', faultstring: this.fault } };
    const { countryCode, vatNumber } = values;
    const known = NAMES[`${String(countryCode)}${String(vatNumber)}`];
    const [name, address] = known ?? ['---', '---'];
    return { countryCode, vatNumber, requestDate: '2026-03-14+01:00', valid: known !== undefined, name, address };
  }

  async #rest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/checkVatService.wsdl') {
      response.setHeader('content-type', 'text/xml');
      // The address that it names is not this one: whoever goes by it does not come here.
      return void response.end(VIES_WSDL);
    }
    if (request.url === '/rest-api/check-status' && request.method === 'GET') {
      const countries = [
        { countryCode: 'BE', availability: 'Available' },
        { countryCode: 'DE', availability: 'Unavailable' },
      ];
      return answer(200, { vow: { available: true }, countries });
    }
    if (request.url !== '/rest-api/check-vat-number' || request.method !== 'POST') return answer(404, {});
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const values = JSON.parse(Buffer.concat(chunks).toString()) as Asked['values'];
    try {
      const { requestDate, ...found } = this.#found('rest', values);
      const requestIdentifier = values['requesterNumber'] === undefined ? '' : 'WAPIAAAA2';
      answer(200, { ...found, requestDate: `${requestDate.slice(0, 10)}T09:00:00.000Z`, requestIdentifier });
    } catch {
      const error = this.fault ?? '';
      answer(error === 'INVALID_INPUT' ? 400 : 200, { actionSucceed: false, errorWrappers: [{ error }] });
    }
  }
}
