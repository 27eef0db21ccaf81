import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type CryptoKey, importPKCS8 } from 'jose';
import type { SigningKey } from '../../core/credential.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';

/** A key that can sign. */
export interface ReadKey {
  readonly key: CryptoKey;
  readonly algorithm: SigningKey['algorithm'];
  readonly keyId: string | undefined;
  /** Whose key it is, as the key file says. */
  readonly account: string | undefined;
  /** The private part alone. */
  readonly pem: string;
}

/** Reads a private key: PEM, or a provider's JSON key file. Rejects with CREDENTIAL_KEY. */
export async function readSigningKey(given: SigningKey, credential: string): Promise<ReadKey> {
  const { algorithm } = given;
  const file = keyFile(given.text);
  const pem = textIn(file, 'private_key') ?? given.text;
  const key = readPem(pem, credential);
  const fits = algorithm === 'RS256' ? 'rsa' : 'ec';
  if (key.asymmetricKeyType !== fits || (fits === 'ec' && key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')) {
    const what = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? 'another';
    throw unreadable(
      credential,
      `it is a key of kind ${what}, and ${algorithm} needs ${fits === 'rsa' ? 'RSA' : 'P-256'}`,
    );
  }
  return {
    key: await importPKCS8(key.export({ type: 'pkcs8', format: 'pem' }).toString(), algorithm),
    algorithm,
    keyId: given.keyId ?? textIn(file, 'private_key_id'),
    account: textIn(file, 'client_email'),
    pem,
  };
}

function keyFile(text: string): JsonObject | undefined {
  const value = text.trimStart().startsWith('{') ? readJson(text) : undefined;
  return isJsonObject(value) ? value : undefined;
}

function textIn(file: JsonObject | undefined, name: string): string | undefined {
  const value = file?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readPem(pem: string, credential: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw unreadable(credential, messageOf(cause), cause);
  }
}

function unreadable(credential: string, why: string, cause?: unknown): MapwrightError {
  return new MapwrightError('CREDENTIAL_KEY', `the key of credential "${credential}" cannot be used: ${why}`, {
    hint: 'store a private key as PEM (-----BEGIN PRIVATE KEY-----) without a passphrase, or the provider\'s JSON key file; algorithm="ES256" for P-256',
    cause,
  });
}
