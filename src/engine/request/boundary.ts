import { randomUUID } from 'node:crypto';

/** What separates the parts of a multipart body: whoever writes one of the parts must not be able to foresee it. */
export function newBoundary(): string {
  return `mapwright-${randomUUID()}`;
}
