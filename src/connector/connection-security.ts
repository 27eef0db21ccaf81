import { X509Certificate } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { KeyedCertificate } from '../core/credential.ts';
import { messageOf } from '../core/error.ts';
import type { TlsVersion } from '../core/network.ts';
import { ConnectionError } from './connection-error.ts';

/** What a connection's TLS rests on. */
export interface SecurityParts {
  /** PEM texts: authorities trusted besides the system's. */
  readonly authorities: readonly string[];
  readonly minTls: TlsVersion | undefined;
  /** What we prove who we are with. */
  readonly certificate: KeyedCertificate | undefined;
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/gu;

/** The secure context of connections; throws ConnectionError CALL_CERTIFICATES when an authority or certificate cannot be used. */
export function secureContextOf({ authorities, minTls, certificate }: SecurityParts): SecureContext {
  const extra = authorities.flatMap(readCertificates);
  const rules: SecureContextOptions = {
    // Adding to the system's authorities means to name them all.
    ...(extra.length === 0 ? {} : { ca: [...getCACertificates('default'), ...extra] }),
    minVersion: minTls === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
  };
  if (certificate === undefined) return createSecureContext(rules);
  try {
    return createSecureContext({ ...rules, ...proofOf(certificate) });
  } catch (error) {
    throw new ConnectionError('CALL_CERTIFICATES', `the client certificate cannot be used: ${messageOf(error)}`, {
      cause: 'refused',
      hint: hintOn(messageOf(error), certificate),
    });
  }
}

/** The certificates of a PEM text, each in the spelling of PEM; throws ConnectionError when there is none, or one cannot be read. */
function readCertificates(pem: string): string[] {
  try {
    // OpenSSL passes over what it cannot read; this does not. Line breaks may have become blanks on the way here.
    const found = [...pem.matchAll(PEM_CERTIFICATE)].map(([, base64 = '']) =>
      new X509Certificate(Buffer.from(base64, 'base64')).toString(),
    );
    if (found.length === 0) throw new Error('there is no certificate in it');
    return found;
  } catch (error) {
    throw new ConnectionError('CALL_CERTIFICATES', `the authority's certificates cannot be read: ${messageOf(error)}`, {
      cause: 'refused',
      hint: 'give them as PEM: -----BEGIN CERTIFICATE----- ...',
    });
  }
}

function proofOf(certificate: KeyedCertificate): SecureContextOptions {
  const { passphrase } = certificate;
  const locked = passphrase === undefined ? {} : { passphrase };
  if (certificate.format === 'p12') return { pfx: Buffer.from(certificate.file, 'base64'), ...locked };
  return { cert: certificate.certificate, key: certificate.key, ...locked };
}

/** OpenSSL names what went wrong, never what to do. */
function hintOn(message: string, { format, passphrase }: KeyedCertificate): string {
  if (/mac verify|bad decrypt|bad password|maybe wrong password|interrupted or cancelled/iu.test(message)) {
    return passphrase === undefined
      ? 'it has a passphrase: <certificate ... passphrase="NAME-OF-A-SECRET"/>'
      : 'the passphrase is another one: store the right one with mapwright secret set';
  }
  if (/unsupported/iu.test(message)) {
    return 'it is encrypted in a way no longer in use; write it anew: openssl pkcs12 -legacy -in old.p12 -nodes | openssl pkcs12 -export -out new.p12';
  }
  if (/mismatch/iu.test(message)) return 'the private key belongs to another certificate';
  return format === 'p12'
    ? 'the secret must hold the PKCS #12 file in base64, or PEM: certificate and private key'
    : 'the secret must hold PEM: -----BEGIN CERTIFICATE----- and, there or in the one that key="..." names, -----BEGIN PRIVATE KEY-----';
}
