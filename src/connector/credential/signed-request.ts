import { createHash } from 'node:crypto';
import { type CallRequest, isStreamed } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import { streamedHash } from './streamed-digest.ts';
import { InvalidRequestError, wireUrl } from '../outgoing-request.ts';

/** The address as it will stand on the wire; undefined for one that whoever sends the request refuses. */
export function sentUrl({ url }: Pick<CallRequest, 'url'>): URL | undefined {
  try {
    return wireUrl(url);
  } catch (error) {
    if (error instanceof InvalidRequestError) return undefined;
    throw error;
  }
}

/** The bytes of the body; none of a request without one. */
export function bodyBytes({ body }: Pick<CallRequest, 'body'>): Uint8Array {
  if (isStreamed(body)) return refuse('it is too long to be signed as it stands: sign its hash');
  return typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array());
}

/** The body's hash, in hex digits. */
export function bodyHash(request: Pick<CallRequest, 'body'>, algorithm: string): string {
  const { body } = request;
  if (isStreamed(body)) return streamedHash(body, algorithm) ?? refuse(`it was not hashed with ${algorithm}`);
  return createHash(algorithm).update(bodyBytes(request)).digest('hex');
}

/** Throws CREDENTIAL_BODY_STREAMED. */
function refuse(why: string): never {
  throw new MapwrightError('CREDENTIAL_BODY_STREAMED', `the body of files cannot be signed: ${why}`, {
    hint: 'let the credential sign the hash of the body, SHA-256 for example',
  });
}
