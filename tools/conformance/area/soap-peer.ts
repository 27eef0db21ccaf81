import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { escapeXmlText } from '../../../src/expression/escape.ts';

/** A SOAP service on this machine, and what it was asked. */
export interface SoapPeer {
  readonly origin: string;
  /** Paths that were asked for with GET: the WSDL. */
  readonly fetched: readonly string[];
  readonly posted: readonly { readonly body: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** What the service is: `checkVat(countryCode,vatNumber) -> valid:boolean,name,requestDate`, and its answer's body. */
export interface SoapPeerParams {
  readonly description: string;
  readonly namespace: string;
  readonly answer: string;
  readonly status: number;
}

/** Every prefix that an answer may use for the envelope's own names. */
const PREFIXES = ['e', 'soap', 'soapenv', 'env', 'SOAP-ENV', 's']
  .map((prefix) => `xmlns:${prefix}="http://schemas.xmlsoap.org/soap/envelope/"`)
  .join(' ');

/** Starts a service whose WSDL stands at every path and describes one document/literal wrapped operation. */
export async function startSoapPeer(params: SoapPeerParams): Promise<SoapPeer> {
  const fetched: string[] = [];
  const posted: { body: string; authorization: string | undefined }[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      fetched.push(request.url ?? '');
      return response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(wsdlOf(params, `http://${request.headers.host}`));
    }
    posted.push({ body: await textOfRequest(request), authorization: request.headers.authorization });
    const envelope = `<e:Envelope ${PREFIXES}><e:Body>${params.answer}</e:Body></e:Envelope>`;
    return response.writeHead(params.status, { 'content-type': 'text/xml; charset=utf-8' }).end(envelope);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    fetched,
    posted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOfRequest(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function wsdlOf({ description, namespace }: SoapPeerParams, origin: string): string {
  const [, operation = '', given = '', answered = ''] = /(\w+)\(([^)]*)\)\s*->\s*(.*)$/su.exec(description) ?? [];
  return `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="${escapeXmlText(namespace)}" targetNamespace="${escapeXmlText(namespace)}">
  <types><x:schema targetNamespace="${escapeXmlText(namespace)}" elementFormDefault="qualified">
    ${element(operation, given)}${element(`${operation}Response`, answered)}
  </x:schema></types>
  <message name="Question"><part name="parameters" element="t:${operation}"/></message>
  <message name="Answer"><part name="parameters" element="t:${operation}Response"/></message>
  <portType name="Port"><operation name="${operation}"><input message="t:Question"/><output message="t:Answer"/></operation></portType>
  <binding name="Binding" type="t:Port"><s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="${operation}"><s:operation soapAction=""/>
      <input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation></binding>
  <service name="Service"><port name="Port" binding="t:Binding"><s:address location="${origin}/service"/></port></service>
</definitions>`;
}

/** `valid:boolean,name`: what has no type is text. */
function element(name: string, members: string): string {
  const names = members
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const children = names.map((member) => {
    const [own = '', type = 'string'] = member.split(':');
    return `<x:element name="${own}" type="x:${type}" minOccurs="0"/>`;
  });
  return `<x:element name="${name}"><x:complexType><x:sequence>${children.join('')}</x:sequence></x:complexType></x:element>`;
}
