import { requestTooLarge } from './request-refusal.ts';

/** The whole body of a request. Rejects with REQUEST_TOO_LARGE as soon as more than `maxBytes` are announced or come. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const announced = request.headers.get('content-length');
  if (Number(announced ?? 0) > maxBytes) throw requestTooLarge(maxBytes);
  // No more than that comes, so it need not be counted; reading it as a stream takes several times as long.
  if (announced !== null) return new Uint8Array(await request.arrayBuffer());
  if (request.method === 'GET' && !request.headers.has('transfer-encoding')) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw requestTooLarge(maxBytes);
    chunks.push(chunk);
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
