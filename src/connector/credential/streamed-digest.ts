import { createHash } from 'node:crypto';
import { type CallRequest, isStreamed, type StreamedBody } from '../../core/call.ts';
import type { Credential } from '../../core/credential.ts';

/** What each kind of credential may hash the body with. */
const ALGORITHMS: Readonly<Partial<Record<Credential['kind'], readonly string[]>>> = {
  'aws-sigv4': ['sha256'],
  hmac: ['sha256'],
  digest: ['md5', 'sha256', 'sha512-256'],
};

const known = new WeakMap<StreamedBody, ReadonlyMap<string, string>>();

/** Reads a body that is given piece by piece once beforehand, where the credential signs it. Rejects with what reading it rejects with. */
export async function digestStreamed({ body, credential }: CallRequest): Promise<void> {
  const algorithms = ALGORITHMS[credential?.kind ?? 'none'];
  if (algorithms === undefined || !isStreamed(body) || known.has(body)) return;
  const hashes = algorithms.map((algorithm) => [algorithm, createHash(algorithm)] as const);
  for await (const chunk of body.open()) for (const [, hash] of hashes) hash.update(chunk);
  known.set(body, new Map(hashes.map(([algorithm, hash]) => [algorithm, hash.digest('hex')])));
}

/** The hash of a body that was read beforehand, in hex digits; undefined when it was not hashed so. */
export function streamedHash(body: StreamedBody, algorithm: string): string | undefined {
  return known.get(body)?.get(algorithm.toLowerCase());
}
