import type { CallRequest } from '../../core/call.ts';
import type { Credential } from '../../core/credential.ts';
import { applyApiKey } from './api-key.ts';
import type { Applying } from './applying.ts';
import { applyAws } from './aws.ts';
import { applyBasic } from './basic.ts';
import { applyHmac } from './hmac.ts';
import { applyWsSignature } from './ws-signature.ts';
import { applyWsUsernameToken } from './ws-username-token.ts';

/** Kinds that need nothing of the other side: what they are is put into the request, and that is all. */
export type PlainCredential = Exclude<Credential, { kind: 'oauth2' | 'vtiger' | 'digest' }>;

/** The request with the credential in it. Throws a MapwrightError when it cannot be put in. */
export function applyPlain(request: CallRequest, credential: PlainCredential, on: Applying): CallRequest {
  switch (credential.kind) {
    case 'api-key':
      return applyApiKey(request, credential);
    case 'basic':
      return applyBasic(request, credential, on);
    case 'hmac':
      return applyHmac(request, credential, on);
    case 'aws-sigv4':
      return applyAws(request, credential, on);
    case 'ws-username-token':
      return applyWsUsernameToken(request, credential, on);
    case 'ws-signature':
      return applyWsSignature(request, credential, on);
    case 'none':
    case 'client-certificate':
      // The connection proves it, or nothing does.
      return request;
  }
}
