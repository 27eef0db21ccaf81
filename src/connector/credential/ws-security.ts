import { type CallRequest, isStreamed } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import type { XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';
import { endOfStartTag } from './xml-tag.ts';

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-';
const WSSE = `${OASIS}wss-wssecurity-secext-1.0.xsd`;
export const WSU = `${OASIS}wss-wssecurity-utility-1.0.xsd`;
export const USERNAME_TOKEN = `${OASIS}wss-username-token-profile-1.0`;
export const X509_TOKEN = `${OASIS}wss-x509-token-profile-1.0`;
export const BASE64_BINARY = `${OASIS}wss-soap-message-security-1.0#Base64Binary`;

const ENVELOPES = ['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'];
const LIMITS = { maxBytes: 64 * 1024 * 1024, maxDepth: 256 };

/** A request's envelope, as text and as tree. */
export interface Envelope {
  readonly text: string;
  readonly root: XmlElement;
  readonly body: XmlElement;
}

/** Reads the envelope of a request; throws CREDENTIAL_NOT_SOAP when it sends none. */
export function envelopeOf({ body: sent }: Pick<CallRequest, 'body'>, credential: string): Envelope {
  const text = typeof sent === 'string' ? sent : isStreamed(sent) ? '' : new TextDecoder().decode(sent);
  const { root } = parseXml(text, LIMITS);
  const isEnvelope = root !== undefined && root.name === 'Envelope' && ENVELOPES.includes(root.namespace);
  const body = isEnvelope ? childOf(root, 'Body') : undefined;
  if (root !== undefined && body !== undefined) return { text, root, body };
  throw new MapwrightError(
    'CREDENTIAL_NOT_SOAP',
    `credential "${credential}" is for SOAP, and the request is no SOAP envelope`,
    { hint: 'name it in services whose maps call SOAP, or choose another kind of credential' },
  );
}

/** The envelope's text with a `wsse:Security` header of this content, which is the first of its headers. */
export function withSecurity({ text, root, body }: Envelope, content: string): string {
  const prefix = root.prefix === '' ? '' : `${root.prefix}:`;
  const security = `<wsse:Security xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}" ${prefix === '' ? `xmlns:soap="${root.namespace}" soap:` : prefix}mustUnderstand="1">${content}</wsse:Security>`;
  const header = childOf(root, 'Header');
  if (header === undefined) {
    return insert(text, body.range.start.offset, `<${prefix}Header>${security}</${prefix}Header>`);
  }
  const start = endOfStartTag(text, header);
  if (text[start - 2] !== '/') return insert(text, start, security);
  const opened = `${text.slice(header.range.start.offset, start - 2)}>`;
  return `${text.slice(0, header.range.start.offset)}${opened}${security}</${prefix}Header>${text.slice(start)}`;
}

/** A moment as the security header says it: UTC, to the millisecond. */
export function created(now: number): string {
  return new Date(now).toISOString();
}

function childOf(root: XmlElement, name: string): XmlElement | undefined {
  return root.children.find((child) => child.name === name && child.namespace === root.namespace);
}

function insert(text: string, at: number, piece: string): string {
  return `${text.slice(0, at)}${piece}${text.slice(at)}`;
}
