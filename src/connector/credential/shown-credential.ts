import type { CallRequest } from '../../core/call.ts';
import type { Credential } from '../../core/credential.ts';
import { DOTS } from '../redactor.ts';
import { putToken, withHeader } from './token-place.ts';
import { putSession } from './vtiger-session.ts';

/** The request as people see it: where its credential will stand when it is sent, with dots for what is secret. */
export function withShownCredential(request: CallRequest): CallRequest {
  const { credential } = request;
  return credential === undefined ? request : shown(request, credential);
}

function shown(request: CallRequest, credential: Credential): CallRequest {
  switch (credential.kind) {
    case 'api-key':
    case 'oauth2':
    case 'hmac':
      return putToken(request, credential.send, DOTS, asItIs);
    case 'basic':
      return withHeader(request, 'Authorization', `Basic ${DOTS}`);
    case 'digest':
      return withHeader(request, 'Authorization', `Digest ${DOTS}`);
    case 'aws-sigv4':
      return withHeader(request, 'Authorization', `AWS4-HMAC-SHA256 ${DOTS}`);
    case 'vtiger':
      return putSession(request, DOTS, asItIs);
    case 'none':
    case 'client-certificate':
    case 'ws-username-token':
    case 'ws-signature':
      return request;
  }
}

/** Dots are for people, in addresses too. */
function asItIs(text: string): string {
  return text;
}
