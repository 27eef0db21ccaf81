import type { CallAnswer, CallRequest, Connector } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { Credential, HeldToken } from '../../core/credential.ts';
import { oauthSource } from './oauth-source.ts';
import { putToken } from './token-place.ts';
import type { TokenSource } from './token-source.ts';
import { isSessionGone, putSession } from './vtiger-session.ts';
import { vtigerSource } from './vtiger-source.ts';

/** A credential whose calls carry a token that is kept. */
export type TokenCredential = Extract<Credential, { kind: 'oauth2' | 'vtiger' }>;

/** How a token is got, carried and found out to be spent. */
export interface TokenUse {
  readonly source: TokenSource;
  put(request: CallRequest, token: HeldToken): CallRequest;
  /** True when the answer says that the token no longer counts. */
  isSpent(answer: CallAnswer): boolean;
}

export interface TokenUseParts {
  /** Sends the requests for tokens. */
  readonly inner: Connector;
  readonly clock: Clock;
  /** The call that the token is for. */
  readonly request: Pick<CallRequest, 'url' | 'network'>;
}

export function tokenUseOf(credential: TokenCredential, { inner, clock, request }: TokenUseParts): TokenUse {
  const asking = { connector: inner, network: request.network, calledUrl: request.url };
  if (credential.kind === 'vtiger') {
    return {
      source: vtigerSource(credential, asking),
      put: (call, { access }) => putSession(call, access),
      isSpent: (answer) => isSessionGone(credential, answer),
    };
  }
  return {
    source: oauthSource(credential, { ...asking, clock }),
    put: (call, { access }) => putToken(call, credential.send, access),
    isSpent: ({ status }) => credential.renewal.onStatuses.includes(status),
  };
}
