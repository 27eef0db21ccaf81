import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
} from 'node:crypto';
import { MapwrightError } from '../core/error.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A value under seal: which key, and `nonce, tag, ciphertext` in base64url. */
const SEALED = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/u;

/** How it begins; looked at alone where the rest may be long. */
const KEY_ID = /^v1\.([0-9a-f]{8})\./u;
const KEY_ID_END = 'v1.00000000.'.length;

/** An encryption key of 32 bytes, with the id that is stored beside what it sealed. */
export interface SealingKey {
  /** Made once: a cipher made from bare bytes takes three times as long. */
  readonly secret: KeyObject;
  readonly id: string;
}

/** Takes 32 bytes as a sealing key; throws KEY_INVALID for any other length. */
export function sealingKey(bytes: Uint8Array): SealingKey {
  if (bytes.length !== 32) {
    throw new MapwrightError('KEY_INVALID', `The encryption key has ${bytes.length} bytes; it must have 32.`);
  }
  const id = createHash('sha256').update('mapwright key id').update(bytes).digest('hex').slice(0, 8);
  return { secret: createSecretKey(bytes), id };
}

/**
 * Encrypts text with AES-256-GCM (NIST SP 800-38D) under a random 96-bit nonce.
 * @param purpose additional data: the sealed text opens for the same purpose only
 */
export function seal(key: SealingKey, purpose: string, plain: string): string {
  const nonce = freshNonce();
  const cipher = createCipheriv('aes-256-gcm', key.secret, nonce).setAAD(Buffer.from(purpose));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return `v1.${key.id}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
}

/** Random bytes drawn ahead: asking the system for twelve takes as long as asking for thousands. */
let drawn = Buffer.alloc(0);

function freshNonce(): Buffer {
  if (drawn.length < NONCE_BYTES) drawn = randomBytes(NONCE_BYTES * 512);
  const nonce = drawn.subarray(0, NONCE_BYTES);
  drawn = drawn.subarray(NONCE_BYTES);
  return nonce;
}

/** The id of the key under which a text is sealed; undefined for a text that is not sealed. */
export function keyIdOf(sealed: string): string | undefined {
  return KEY_ID.exec(sealed.slice(0, KEY_ID_END))?.[1];
}

/** The text that was sealed for this purpose; throws SECRET_UNREADABLE under another key, for another purpose, or when altered. */
export function unseal(key: SealingKey, purpose: string, sealed: string): string {
  const [, keyId, body] = SEALED.exec(sealed) ?? [];
  if (keyId === undefined || body === undefined) throw unreadable('It is not in the form in which values are sealed.');
  if (keyId !== key.id) throw unreadable(`It was sealed under key ${keyId}, but the key in use is ${key.id}.`);
  const bytes = Buffer.from(body, 'base64url');
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key.secret, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw unreadable('It was altered, or sealed for another purpose.', cause);
  }
}

/** What the secret of this name is sealed for, so that none opens under another's name. */
export function secretPurpose(name: string): string {
  return `secret:${name}`;
}

/** What values are sealed for that are stored among others. */
export const VALUE_PURPOSE = 'value';

/** SECRET_UNREADABLE. */
export function unreadable(why: string, cause?: unknown): MapwrightError {
  return new MapwrightError('SECRET_UNREADABLE', `A stored confidential value cannot be read. ${why}`, {
    hint: 'Give the key it was sealed under as well (MAPWRIGHT_KEY, or a line of its own in mapwright.key), or set the value anew.',
    cause,
  });
}
