import type { z } from '@hono/zod-openapi';
import { DEEPEST_JSON, isTooDeep } from '../../core/json-text.ts';
import { ApiRefusal, type WrongPart } from './problem.ts';

/** As many wrong parts are told: a long list of wrong items would be answered with a longer one. */
const MOST_POINTERS = 50;

/** What is left of `value` after its schema has read it. Throws API_REQUEST_INVALID, and tells every wrong part. */
export function readPart(schema: z.ZodType | undefined, part: 'path' | 'query' | 'body', value: unknown): unknown {
  if (schema === undefined) return undefined;
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const pointers = read.error.issues.slice(0, MOST_POINTERS).map((issue): WrongPart => {
    return { pointer: `/${[part, ...issue.path].map(escaped).join('/')}`, detail: issue.message };
  });
  const [first] = pointers;
  throw new ApiRefusal(422, 'API_REQUEST_INVALID', `${first?.pointer ?? `/${part}`}: ${first?.detail ?? 'is wrong'}`, {
    hint: 'GET /api/v1/openapi.json describes every operation',
    pointers,
  });
}

/** The query of a request: a name that stands in it several times is a list. */
export function queryOf(url: string): Readonly<Record<string, string | readonly string[]>> {
  const { searchParams } = new URL(url);
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/**
 * The body of a request, as text. Rejects with API_TOO_LARGE, API_BODY_CUT and API_MEDIA_TYPE: a form of another site's page can send no
 * JSON type without asking first.
 */
export async function bodyOf(request: Request, mostBytes: number): Promise<string> {
  const length = Number(request.headers.get('content-length') ?? 0);
  if (length > mostBytes) throw tooLarge(mostBytes);
  if (request.body === null) return '';
  const text = (await wholeBody(request.body, mostBytes)).toString('utf8');
  const type = request.headers.get('content-type') ?? '';
  if (text === '' || /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/iu.test(type)) return text;
  throw new ApiRefusal(415, 'API_MEDIA_TYPE', `the body is ${type === '' ? 'of no type' : type}`, {
    hint: 'send JSON: Content-Type: application/json',
  });
}

async function wholeBody(body: NonNullable<Request['body']>, mostBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > mostBytes) throw tooLarge(mostBytes);
      chunks.push(chunk);
    }
  } catch (thrown) {
    if (thrown instanceof ApiRefusal) throw thrown;
    // Whoever sent it went away: no fault of this server, and nothing for its log.
    throw new ApiRefusal(400, 'API_BODY_CUT', 'the body ended before it was whole', { hint: 'send it again' });
  }
  return Buffer.concat(chunks);
}

/** The JSON of a body; undefined for an empty one. Throws API_JSON_INVALID. */
export function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  if (isTooDeep(text)) throw notJson(`it nests more than ${DEEPEST_JSON} levels deep`);
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw notJson(thrown instanceof Error ? withoutText(thrown.message) : 'it cannot be read');
  }
}

/** The parser quotes the text around the mistake, which may be a password: answers end up in logs of those who ask. */
function withoutText(message: string): string {
  return message.replace(/, (?:\.\.\.)?".*is not valid JSON$/su, '');
}

function notJson(why: string): ApiRefusal {
  return new ApiRefusal(400, 'API_JSON_INVALID', `the body is no JSON: ${why}`, { hint: 'send JSON (RFC 8259)' });
}

function tooLarge(mostBytes: number): ApiRefusal {
  return new ApiRefusal(413, 'API_TOO_LARGE', `the body has more than ${mostBytes} bytes`, {
    hint: 'send it in several parts',
  });
}

function escaped(part: PropertyKey): string {
  return String(part).replaceAll('~', '~0').replaceAll('/', '~1');
}
