import { z } from '@hono/zod-openapi';
import { type FileReference, UNKNOWN_TYPE } from '../../../core/file-store.ts';
import type { Administration } from '../../../runtime/administration.ts';
import { DEFAULT_LIMITS } from '../api-parts.ts';
import { operation } from '../operation.ts';
import { ApiRefusal } from '../problem.ts';

const File = z
  .object({
    id: z.string().openapi({ example: '3f0c7a52-6f0e-4c5e-9d7e-0d6c1f7f2a10' }),
    name: z.string().openapi({ example: 'contract.pdf' }),
    type: z.string().openapi({ example: 'application/pdf' }),
    size: z.int().openapi({ description: 'Bytes.' }),
    sha256: z.string(),
  })
  .openapi('File');

const ById = z.object({ id: z.string().openapi({ example: '3f0c7a52-6f0e-4c5e-9d7e-0d6c1f7f2a10' }) });

const PIECE_BYTES = 256 * 1024;

/** Files that fields of records hold. */
export const FILE_OPERATIONS = [
  operation({
    id: 'uploadFile',
    method: 'post',
    path: '/files',
    access: 'records:write',
    tag: 'Files',
    summary: 'Store a file; the body is its bytes',
    description:
      'Write the `id` that it is answered with into a field of type `file`. A file that no record holds is cleared away after a day. The type is that of the header Content-Type.',
    isStream: true,
    query: z.object({ name: z.string().min(1).max(1000).openapi({ example: 'contract.pdf' }) }),
    answer: File,
    statuses: [201],
    handle: async ({ administration, query, request, parts }) => {
      const type = request.headers.get('content-type') ?? undefined;
      const mostBytes = parts.limits?.fileBytes ?? DEFAULT_LIMITS.fileBytes;
      if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge(mostBytes);
      const { id } = await administration.beginFile({ name: query.name, type });
      let offset = 0;
      for await (const piece of piecesOf(request.body)) {
        if (offset + piece.length > mostBytes) throw tooLarge(mostBytes);
        await administration.appendFile({ id, offset, base64: piece.toString('base64') });
        offset += piece.length;
      }
      return administration.finishFile({ id });
    },
  }),
  operation({
    id: 'describeFile',
    method: 'get',
    path: '/files/{id}/about',
    access: 'records:read',
    tag: 'Files',
    summary: 'What is known of a file besides its bytes',
    params: ById,
    answer: File,
    handle: ({ administration, params }) => administration.file(params),
  }),
  operation({
    id: 'downloadFile',
    method: 'get',
    path: '/files/{id}',
    access: 'records:read',
    tag: 'Files',
    summary: 'The bytes of a file, or a part of them (Range: bytes=0-99)',
    params: ById,
    answer: z.string().openapi({ format: 'binary' }),
    mediaType: UNKNOWN_TYPE,
    statuses: [200, 206],
    async handle({ administration, params, request }) {
      const file = await administration.file(params);
      const range = rangeOf(request.headers.get('range'), file.size);
      const headers = fileHeaders(file);
      if (range === undefined) {
        return new Response(bytesOf(administration, file, { from: 0, to: file.size }), {
          headers: { ...headers, 'Content-Length': String(file.size) },
        });
      }
      return new Response(bytesOf(administration, file, range), {
        status: 206,
        headers: {
          ...headers,
          'Content-Length': String(range.to - range.from),
          'Content-Range': `bytes ${range.from}-${range.to - 1}/${file.size}`,
        },
      });
    },
  }),
];

/** The body in pieces of one size at most. Rejects with API_BODY_CUT. */
async function* piecesOf(body: Request['body']): AsyncGenerator<Buffer, void> {
  if (body === null) return;
  const reader: AsyncIterable<Uint8Array> = body;
  try {
    for await (const chunk of reader) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
    }
  } catch {
    // Whoever sent it went away: no fault of this server.
    throw new ApiRefusal(400, 'API_BODY_CUT', 'the body ended before it was whole', { hint: 'send it again' });
  }
}

interface Range {
  readonly from: number;
  /** Behind the last byte. */
  readonly to: number;
}

/** One range of RFC 9110 section 14.1.2; undefined for none, and for several, which may be answered with all. Throws API_RANGE. */
function rangeOf(header: string | null, size: number): Range | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/u.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (from < to) return { from, to };
  throw new ApiRefusal(416, 'API_RANGE', `the file has ${size} bytes`, {
    headers: { 'Content-Range': `bytes */${size}` },
  });
}

/** A browser saves it, and runs nothing that is in it. */
function fileHeaders({ name, type, sha256 }: FileReference): Record<string, string> {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\]/gu, '_');
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/gu, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return {
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Accept-Ranges': 'bytes',
    ETag: `"${sha256}"`,
  };
}

function bytesOf(
  administration: Administration,
  { id }: FileReference,
  { from, to }: Range,
): ReadableStream<Uint8Array> {
  let offset = from;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const bytes = Math.min(PIECE_BYTES, to - offset);
      if (bytes > 0) {
        const { base64 } = await administration.readFile({ id, offset, bytes });
        offset += bytes;
        controller.enqueue(Buffer.from(base64, 'base64'));
      }
      if (offset >= to) controller.close();
    },
  });
}

function tooLarge(mostBytes: number): ApiRefusal {
  return new ApiRefusal(413, 'API_TOO_LARGE', `the file has more than ${mostBytes} bytes`);
}
