import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { KeyedCertificate } from '../../core/credential.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';

/** A certificate and its key, read. */
export interface SigningCertificate {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/gu;
const SIGNING_KEYS: readonly (string | undefined)[] = ['rsa', 'ec'];

/** Reads what messages are signed with; throws CREDENTIAL_CERTIFICATE when it cannot be, or is of no use any more. */
export function signingCertificate(given: KeyedCertificate, name: string, now: number): SigningCertificate {
  if (given.format === 'p12') {
    throw unusable(name, 'it is no PEM text', 'write a PKCS #12 file as PEM: openssl pkcs12 -in FILE -nodes');
  }
  const key = readKey(given, name);
  if (!SIGNING_KEYS.includes(key.asymmetricKeyType)) {
    throw unusable(
      name,
      `its key is of the type ${key.asymmetricKeyType}`,
      'use an RSA key or one on an elliptic curve',
    );
  }
  const certificates = readAll(given.certificate, name);
  // Those of the authorities above may stand in the same text.
  const certificate = certificates.find((one) => one.checkPrivateKey(key));
  if (certificate === undefined) {
    throw unusable(name, 'the private key belongs to another certificate', 'store the two that belong together');
  }
  if (certificate.validToDate.getTime() < now) {
    throw unusable(name, `it was valid until ${certificate.validTo}`, 'store the one that came after it');
  }
  return { certificate, key };
}

function readAll(pem: string, name: string): X509Certificate[] {
  try {
    // Line breaks may have become blanks on the way here.
    const found = [...pem.matchAll(PEM_CERTIFICATE)].map(
      ([, base64 = '']) => new X509Certificate(Buffer.from(base64, 'base64')),
    );
    if (found.length > 0) return found;
  } catch (error) {
    throw unusable(name, messageOf(error), PEM_HINT);
  }
  throw unusable(name, 'there is no certificate in it', PEM_HINT);
}

function readKey({ key, passphrase }: KeyedCertificate & { format: 'pem' }, name: string): KeyObject {
  try {
    return createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase: passphrase.trim() }) });
  } catch (error) {
    const hint =
      passphrase === undefined && key.includes('ENCRYPTED')
        ? 'its key has a passphrase: <certificate ... passphrase="NAME-OF-A-SECRET"/>'
        : PEM_HINT;
    throw unusable(name, `its private key: ${messageOf(error)}`, hint);
  }
}

const PEM_HINT =
  'the secret must hold PEM: -----BEGIN CERTIFICATE----- and, there or in the one that key="..." names, -----BEGIN PRIVATE KEY-----';

function unusable(name: string, why: string, hint: string): MapwrightError {
  return new MapwrightError(
    'CREDENTIAL_CERTIFICATE',
    `the certificate of credential "${name}" cannot be used: ${why}`,
    {
      hint,
    },
  );
}
