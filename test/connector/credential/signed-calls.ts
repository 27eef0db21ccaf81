import type { CallRequest } from '../../../src/core/call.ts';
import type { Applying } from '../../../src/connector/credential/applying.ts';
import { requestTo } from '../peer.ts';

/** What a credential is put in with: this moment, these random bytes; secrets are kept. */
export function applyingWith(now: number | string = 0, random: Uint8Array = Buffer.alloc(16, 7)): Noting {
  const secrets: string[] = [];
  const moment = typeof now === 'string' ? Date.parse(now) : now;
  return { now: moment, random: () => random, onSecret: (secret) => secrets.push(secret), secrets };
}

type Noting = Applying & { readonly secrets: readonly string[] };

export function sending(url: string, more: Partial<CallRequest> = {}): CallRequest {
  return requestTo(url, more);
}

/** The values of a header, in any letter case. */
export function headersOf({ headers }: Pick<CallRequest, 'headers'>, wanted: string): string[] {
  return headers.filter(([name]) => name.toLowerCase() === wanted.toLowerCase()).map(([, value]) => value);
}
