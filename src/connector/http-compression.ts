import { type CallRequest, isStreamed } from '../core/call.ts';
import type { CredentialKind } from '../core/credential.ts';
import { ACCEPTED_CODINGS, encodeGzip } from './content-coding.ts';

/** Below it a compressed body is hardly shorter. */
const SMALLEST_BYTES = 1024;

/** Credentials that sign the body as the map wrote it. */
const SIGNING: ReadonlySet<string> = new Set<CredentialKind>(['digest', 'hmac', 'aws-sigv4', 'ws-signature']);

/**
 * The request as its service wants it: a compressed answer asked for, a larger body sent in gzip. Headers of the map's own are
 * left as they are, and so is a body that is signed.
 */
export async function compressed(request: CallRequest): Promise<CallRequest> {
  const { compression = 'none' } = request.network ?? {};
  if (compression === 'none') return request;
  const { headers, body, credential } = request;
  const has = (wanted: string): boolean => headers.some(([name]) => name.toLowerCase() === wanted);
  const asking: CallRequest['headers'] = has('accept-encoding')
    ? headers
    : [...headers, ['Accept-Encoding', ACCEPTED_CODINGS]];
  // Files are compressed already, most of them.
  const bytes = typeof body === 'string' ? Buffer.from(body) : isStreamed(body) ? undefined : body;
  const isPlain = compression === 'answers' || has('content-encoding') || SIGNING.has(credential?.kind ?? 'none');
  if (isPlain || bytes === undefined || bytes.length < SMALLEST_BYTES) return { ...request, headers: asking };
  return { ...request, headers: [...asking, ['Content-Encoding', 'gzip']], body: await encodeGzip(bytes) };
}
