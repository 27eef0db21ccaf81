import { type IncomingHttpHeaders, request } from 'node:http';

/** What B answered. */
export interface ForwardedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ForwardedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const ANSWER_TIMEOUT_MS = 20_000;

/** Makes the call at B; rejects when no whole answer comes. A connection for each: none is kept that a kill has cut. */
export function forwardCall(origin: string, { method, path, headers, body }: ForwardedCall): Promise<ForwardedAnswer> {
  const { hostname: host, port } = new URL(origin);
  const { connection: _connection, ...kept } = headers;
  return new Promise((resolve, reject) => {
    const sent = request({
      host,
      port,
      method,
      path,
      headers: { ...kept, 'content-length': body.length },
      agent: false,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.end(body);
  });
}

/** Ends a session at B, as somebody else would; a B that is down has no session to end. */
export async function endSession(origin: string, sessionName: string): Promise<void> {
  const body = new URLSearchParams({ operation: 'logout', sessionName });
  await fetch(`${origin}/webservice.php`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  }).then(
    (answer) => answer.arrayBuffer(),
    () => undefined,
  );
}
