import { createHash, sign } from 'node:crypto';
import type { CallRequest } from '../../core/call.ts';
import type { Credential } from '../../core/credential.ts';
import type { XmlElement } from '../../xml/element.ts';
import type { Applying } from './applying.ts';
import { canonicalXml } from './exclusive-c14n.ts';
import { signingCertificate, type SigningCertificate } from './ws-certificate.ts';
import { BASE64_BINARY, created, type Envelope, envelopeOf, withSecurity, WSU, X509_TOKEN } from './ws-security.ts';
import { endOfStartTag } from './xml-tag.ts';

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
/** By the type of the key (RFC 9231 section 2.3). */
const SIGNATURE_METHODS: Readonly<Record<string, string>> = {
  rsa: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  ec: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
};
const ID_BYTES = 12;
/** How long a message may be under way. */
const LIFETIME_MS = 5 * 60_000;

/**
 * Signs the body of an envelope and the time of signing with the key of a certificate, which goes along (WS-Security X.509
 * Certificate Token Profile). Throws CREDENTIAL_NOT_SOAP and CREDENTIAL_CERTIFICATE.
 */
export function applyWsSignature(
  request: CallRequest,
  { name, certificate: given }: Extract<Credential, { kind: 'ws-signature' }>,
  { now, random, onSecret }: Applying,
): CallRequest {
  // The description of a service is asked for without an envelope.
  if (request.body === undefined) return request;
  const certificate = signingCertificate(given, name, now);
  const id = Buffer.from(random(ID_BYTES)).toString('hex');
  const { envelope, bodyId } = withBodyId(envelopeOf(request, name), `body-${id}`, name);
  const time = timestamp(now, `time-${id}`);
  const info = signedInfo(certificate, [
    [`time-${id}`, time],
    [bodyId, canonicalXml(envelope.text, envelope.body)],
  ]);
  const signature = signatureOf(info, certificate);
  onSecret(signature);
  const token = certificate.certificate.raw.toString('base64');
  const security =
    `<wsse:BinarySecurityToken EncodingType="${BASE64_BINARY}" ValueType="${X509_TOKEN}#X509v3" wsu:Id="token-${id}">` +
    `${token}</wsse:BinarySecurityToken>${time}` +
    `<ds:Signature xmlns:ds="${DSIG}">${info}<ds:SignatureValue>${signature}</ds:SignatureValue>` +
    `<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI="#token-${id}" ValueType="${X509_TOKEN}#X509v3"/>` +
    '</wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>';
  return { ...request, body: withSecurity(envelope, security) };
}

/** The envelope with an id on its body for the signature to name: its own where it has one. */
function withBodyId(
  envelope: Envelope,
  id: string,
  credential: string,
): { readonly envelope: Envelope; readonly bodyId: string } {
  const { text, body } = envelope;
  const own = ownId(body);
  if (own !== undefined) return { envelope, bodyId: own };
  const end = endOfStartTag(text, body);
  const before = text[end - 2] === '/' ? end - 2 : end - 1;
  const written = `${text.slice(0, before)} xmlns:wsu="${WSU}" wsu:Id="${id}"${text.slice(before)}`;
  return { envelope: envelopeOf({ body: written }, credential), bodyId: id };
}

function ownId({ attributes }: XmlElement): string | undefined {
  return [...attributes.values()].find(({ name, namespace }) => namespace === WSU && name.endsWith(':Id'))?.value;
}

/** In canonical form as it stands, like the rest of what is signed here. */
function timestamp(now: number, id: string): string {
  const times = `<wsu:Created>${created(now)}</wsu:Created><wsu:Expires>${created(now + LIFETIME_MS)}</wsu:Expires>`;
  return `<wsu:Timestamp xmlns:wsu="${WSU}" wsu:Id="${id}">${times}</wsu:Timestamp>`;
}

function signedInfo({ key }: SigningCertificate, parts: readonly (readonly [id: string, canonical: string])[]): string {
  const references = parts.map(
    ([id, canonical]) =>
      `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${C14N}"></ds:Transform></ds:Transforms>` +
      `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod>` +
      `<ds:DigestValue>${createHash('sha256').update(canonical).digest('base64')}</ds:DigestValue></ds:Reference>`,
  );
  const method = SIGNATURE_METHODS[key.asymmetricKeyType ?? ''] ?? '';
  return (
    `<ds:SignedInfo xmlns:ds="${DSIG}"><ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod>${references.join('')}</ds:SignedInfo>`
  );
}

/** XML signatures write those of elliptic curves as two numbers side by side (RFC 6931 section 2.3.6). */
function signatureOf(info: string, { key }: SigningCertificate): string {
  return sign('sha256', Buffer.from(info), { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
}
