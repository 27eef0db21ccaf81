import { createHash } from 'node:crypto';

/** What is stored of a session's name: the name is a credential. It is random, so that no salt is needed. */
export function sessionNameHash(name: string): Buffer {
  return createHash('sha256').update(name).digest();
}
