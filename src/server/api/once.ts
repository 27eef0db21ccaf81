import { createHash } from 'node:crypto';
import type { Caller } from '../../core/access.ts';
import { callerName } from '../../core/access.ts';
import type { Access } from '../../runtime/access/access.ts';
import { ApiRefusal } from './problem.ts';

const KEY = /^[\u0021-\u007e]{1,200}$/u;

interface KeptAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** A request that its sender may repeat without it being done twice. */
export interface RepeatableRequest {
  readonly key: string;
  readonly caller: Caller;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/**
 * Does the work of a request once, however often it comes within a day: later ones get the first answer. What failed or was
 * refused is not kept, so that the request can be made again. Rejects with API_KEY_INVALID, API_KEY_USED when the key
 * belongs to another request, and API_KEY_BUSY while the first one is worked on.
 */
export async function answerOnce(
  access: Access,
  request: RepeatableRequest,
  work: () => Promise<Response>,
): Promise<Response> {
  const { key, method, path, body } = request;
  if (!KEY.test(key)) {
    throw new ApiRefusal(422, 'API_KEY_INVALID', 'the Idempotency-Key is no text of 1 to 200 visible ASCII characters');
  }
  const caller = `${request.caller.kind}:${callerName(request.caller)}`;
  const bodyHash = createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex');
  const state = await access.beginOnce({ caller, key, bodyHash });
  if (state.kind === 'answered') return replayed(JSON.parse(state.answer));
  if (state.kind === 'other') {
    throw new ApiRefusal(422, 'API_KEY_USED', 'this Idempotency-Key belongs to another request', {
      hint: 'take a new key for each request; the same one only to repeat it unchanged',
    });
  }
  if (state.kind === 'running') throw busy();
  let response: Response;
  try {
    response = await work();
  } catch (thrown) {
    await access.endOnce({ caller, key, answer: undefined }).catch(() => undefined);
    throw thrown;
  }
  const answer = JSON.stringify(await keptAnswer(response.clone()));
  // The work is done: an answer that cannot be kept is no reason to forget that, and to do it again.
  await access.endOnce({ caller, key, answer }).catch(() => undefined);
  return response;
}

/** A key of the request's own for what is done once below: no other caller can meet it. */
export function onceKeyOf(caller: Caller, key: string): string {
  return createHash('sha256')
    .update(`${caller.kind}:${callerName(caller)} ${key}`)
    .digest('hex');
}

function busy(): ApiRefusal {
  return new ApiRefusal(409, 'API_KEY_BUSY', 'a request with this Idempotency-Key is worked on', {
    hint: 'repeat it in a moment for its answer',
    retryable: true,
    headers: { 'Retry-After': '2' },
  });
}

async function keptAnswer(response: Response): Promise<KeptAnswer> {
  return { status: response.status, headers: [...response.headers], body: await response.text() };
}

function replayed({ status, headers, body }: KeptAnswer): Response {
  const response = new Response(body === '' ? null : body, { status, headers: headers.map(([n, v]) => [n, v]) });
  response.headers.set('Idempotency-Replayed', 'true');
  return response;
}
