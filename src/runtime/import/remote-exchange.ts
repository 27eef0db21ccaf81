import type { CallAnswer, CallFailure, Connector } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import { wholeBody } from '../../core/large-body.ts';

/** What waiting between tries is done with; rejects when the work is to end. */
export type Pause = (milliseconds: number) => Promise<void>;

/** Where requests go, and how often they are repeated. */
export interface ExchangeParts {
  readonly connector: Connector;
  readonly pause: Pause;
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait, so that whoever looks on knows why nothing moves. */
  readonly onWait?: ((reason: string, waitMs: number) => void) | undefined;
}

/** One request of the protocol. */
export interface Exchange {
  /** `https://crm.example.com/webservice.php` */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly parameters: Readonly<Record<string, string>>;
  /** False: what may have been done is not asked for again when no answer came. */
  readonly repeatable: boolean;
}

/** The other install answered, and refused. Its own code is kept: `ACCESS_DENIED`. */
export class RemoteRefusal extends MapwrightError {
  readonly remoteCode: string;

  constructor(remoteCode: string, message: string) {
    const said = `${remoteCode} ${message}`.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
    super('IMPORT_REFUSED', `the other install refuses: ${said.slice(0, 500)}`, {
      hint: 'see whether the user may do that there; administrators may most',
    });
    this.remoteCode = remoteCode;
  }
}

const MOST_TRIES = 6;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
const TOTAL_TIMEOUT_MS = 120_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Sends a request until it is answered, six times at most: what the network breaks, 429 and 5xx are tried again, after
 * as long as `Retry-After` says or twice the wait before. Gives the `result` of the answer. Rejects with RemoteRefusal,
 * IMPORT_UNREACHABLE, IMPORT_ANSWER_INVALID, or what `pause` rejects with.
 */
export async function exchange(parts: ExchangeParts, request: Exchange): Promise<Json> {
  for (let tries = 1; ; tries++) {
    const outcome = await parts.connector.send(callOf(request), signalOf(parts));
    const trouble = outcome.kind === 'failed' ? brokenOff(outcome.failure, request) : busy(outcome.answer);
    if (trouble === undefined && outcome.kind === 'answered') return resultOf(outcome.answer);
    if (trouble === undefined) continue;
    parts.signal?.throwIfAborted();
    if (!trouble.again || tries === MOST_TRIES) throw unreachable(request.url, trouble, tries);
    const waitMs = trouble.waitMs ?? Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
    parts.onWait?.(trouble.reason, waitMs);
    await parts.pause(waitMs);
  }
}

interface Trouble {
  readonly reason: string;
  readonly hint?: string | undefined;
  readonly again: boolean;
  readonly waitMs?: number | undefined;
}

function signalOf({ signal }: ExchangeParts): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function callOf({ url, method, parameters }: Exchange) {
  const form = new URLSearchParams(parameters).toString();
  const isPost = method === 'POST';
  const headers: [string, string][] = [['accept', 'application/json']];
  if (isPost) headers.push(['content-type', 'application/x-www-form-urlencoded']);
  return {
    method,
    url: isPost ? url : `${url}?${form}`,
    headers,
    body: isPost ? form : undefined,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    totalTimeoutMs: TOTAL_TIMEOUT_MS,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  };
}

function brokenOff(failure: CallFailure, { repeatable }: Exchange): Trouble {
  const { cause, code, message, hint, inDoubt } = failure;
  const passing = (cause === 'network' || cause === 'timeout') && code !== 'CALL_TLS';
  return { reason: `${code} ${message}`, hint, again: passing && (repeatable || !inDoubt) };
}

function busy({ status, headers }: CallAnswer): Trouble | undefined {
  if (status !== 429 && status < 500) return undefined;
  const [, after] = headers.find(([name]) => name === 'retry-after') ?? [];
  const seconds = Number(after);
  const waitMs = after === undefined || Number.isNaN(seconds) ? undefined : Math.max(0, seconds) * 1000;
  // coreBOS answers 500 with an empty body where PHP broke down, which the same request does again; it may be load too.
  return { reason: `it answers ${status}`, again: true, waitMs: waitMs && Math.min(waitMs, LONGEST_WAIT_MS) };
}

function resultOf({ status, body }: CallAnswer): Json {
  const envelope = parse(Buffer.from(wholeBody(body)).toString('utf8'));
  if (envelope === undefined || typeof envelope['success'] !== 'boolean') throw noAnswer(status);
  if (envelope['success']) return envelope['result'] ?? null;
  const error = isJsonObject(envelope['error']) ? envelope['error'] : {};
  throw new RemoteRefusal(String(error['code'] ?? 'no code'), String(error['message'] ?? ''));
}

function parse(text: string): JsonObject | undefined {
  const value = readJson(text);
  return isJsonObject(value) ? value : undefined;
}

function noAnswer(status: number): MapwrightError {
  return new MapwrightError(
    'IMPORT_ANSWER_INVALID',
    `what answers (with status ${status}) is no web service of coreBOS`,
    {
      hint: 'open the address in a browser: /webservice.php of a coreBOS or a Mapwright answers JSON with "success"',
    },
  );
}

function unreachable(url: string, { reason, hint }: Trouble, tries: number): MapwrightError {
  const times = tries === 1 ? '' : ` (tried ${tries} times)`;
  return new MapwrightError('IMPORT_UNREACHABLE', `${new URL(url).host} cannot be asked${times}: ${reason}`, {
    hint: hint ?? 'see whether the other install runs and can be reached from here, then give the command again',
    retryable: true,
  });
}
