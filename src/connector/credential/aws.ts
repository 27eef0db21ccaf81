import { createHash, createHmac } from 'node:crypto';
import type { CallRequest } from '../../core/call.ts';
import type { AwsCredential } from '../../core/credential.ts';
import type { Applying } from './applying.ts';
import { canonicalHeaders, canonicalPairs, canonicalPath, canonicalQuery } from './aws-canonical.ts';
import { bodyHash, sentUrl } from './signed-request.ts';
import { withHeader } from './token-place.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const CONTENT_HASH = 'x-amz-content-sha256';

/**
 * Signs a request with Signature Version 4. Services of S3 are told the body's hash in a header of its own. Where the request
 * brings `x-amz-content-sha256` itself, as `UNSIGNED-PAYLOAD`, that is what is signed.
 */
export function applyAws(
  request: CallRequest,
  credential: AwsCredential,
  { now, onSecret }: Pick<Applying, 'now' | 'onSecret'>,
): CallRequest {
  const url = sentUrl(request);
  if (url === undefined) return request;
  const { accessKey, secretKey, sessionToken, region, service } = credential;
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/gu, '');
  const pairs = canonicalPairs(url.search.slice(1));
  const isStorage = service.startsWith('s3');
  const given = request.headers.find(([name]) => name.toLowerCase() === CONTENT_HASH)?.[1].trim();
  const contentHash = given ?? bodyHash(request, 'sha256');
  const query = pairs.map(([name, value]) => `${name}=${value}`).join('&');
  let sent: CallRequest = withHeader(
    // What is sent is what was signed, sign for sign.
    { ...request, url: `${url.origin}${url.pathname}${query === '' ? '' : `?${query}`}` },
    'X-Amz-Date',
    time,
  );
  if (isStorage && given === undefined) sent = withHeader(sent, 'X-Amz-Content-Sha256', contentHash);
  if (sessionToken !== undefined) sent = withHeader(sent, 'X-Amz-Security-Token', sessionToken.trim());
  const headers = canonicalHeaders([...sent.headers, ['host', url.host]]);
  const signedNames = headers.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    canonicalPath(url.pathname, isStorage),
    canonicalQuery(pairs),
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    signedNames,
    contentHash,
  ].join('\n');
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const text = [ALGORITHM, time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const signature = keyed(signingKey(secretKey.trim(), scope), text).toString('hex');
  onSecret(signature);
  const proof = `Credential=${accessKey}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`;
  return withHeader(sent, 'Authorization', `${ALGORITHM} ${proof}`);
}

function signingKey(secretKey: string, scope: string): Uint8Array {
  return scope.split('/').reduce<Uint8Array>((key, part) => keyed(key, part), Buffer.from(`AWS4${secretKey}`));
}

function keyed(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
