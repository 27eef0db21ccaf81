import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { isJsonObject } from '../../core/json.ts';
import type { RemoteInstall } from '../open-administration.ts';

type QueryValue = string | number | boolean | readonly string[] | null | undefined;

/** One request of the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends requests; gives what was answered as what the caller knows it to be: both sides share one document of the API. */
export type Send = <T = undefined>(request: ApiRequest) => Promise<T>;

/** A problem that the server answered, with the member of it that some commands need. */
export class RemoteProblem extends MapwrightError {
  readonly report: unknown;

  constructor(problem: Readonly<Record<string, unknown>>) {
    const { code, detail, hint, retryable, report } = problem;
    super(String(code), String(detail ?? code), {
      ...(typeof hint === 'string' ? { hint } : {}),
      retryable: retryable === true,
    });
    this.report = report;
  }
}

const TRIES = 3;
const PAUSE_MS = 500;
const USER_AGENT = 'mapwright-cli';

/**
 * Sends requests to the API of an install. What the network broke is tried again where that does nothing twice: a POST
 * goes out under one Idempotency-Key. Rejects with the server's own errors, CLI_REMOTE_UNREACHABLE or CLI_REMOTE_ANSWER.
 */
export function apiExchange(remote: RemoteInstall): Send {
  return async <T>(request: ApiRequest): Promise<T> => {
    const { url, init } = requestTo(remote, request);
    const mayRepeat = request.method === 'GET' || request.method === 'POST';
    for (let attempt = 1; ; attempt++) {
      try {
        return (await answerOf(await fetch(url, init), url)) as T;
      } catch (thrown) {
        if (thrown instanceof MapwrightError) throw thrown;
        if (!mayRepeat || attempt >= TRIES || isCertificate(causeOf(thrown))) throw unreachable(remote, thrown);
        await setTimeout(PAUSE_MS * attempt);
      }
    }
  };
}

/** Sends what is no JSON, once; gives the answer, which is a good one. */
export type RawSend = (path: string, init: RequestInit) => Promise<Response>;

/** As `apiExchange`, for bodies that are streams: nothing is tried again. */
export function rawExchange(remote: RemoteInstall): RawSend {
  return async (below, init) => {
    const url = `${remote.url}/api/v1${below}`;
    const headers = { ...init.headers, authorization: `Bearer ${remote.token}`, 'user-agent': USER_AGENT };
    let response: Response;
    try {
      response = await fetch(url, { ...init, headers, redirect: 'manual' });
    } catch (thrown) {
      throw unreachable(remote, thrown);
    }
    if (!response.ok) await answerOf(response, url);
    return response;
  };
}

/** A path with its values encoded. */
export function path(texts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return texts.reduce((whole, text, index) => whole + encodeURIComponent(String(values[index - 1] ?? '')) + text);
}

function requestTo(remote: RemoteInstall, request: ApiRequest): { readonly url: string; readonly init: RequestInit } {
  const { method, query = {}, body } = request;
  const url = new URL(`${remote.url}/api/v1${request.path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(one));
  }
  const headers = {
    authorization: `Bearer ${remote.token}`,
    'user-agent': USER_AGENT,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    ...request.headers,
  };
  const text = body === undefined ? null : JSON.stringify(body);
  // A server that sends us elsewhere would get the token there.
  return { url: url.href, init: { method, headers, body: text, redirect: 'manual' } };
}

async function answerOf(response: Response, url: string): Promise<unknown> {
  const text = await response.text();
  if (response.status === 204) return undefined;
  const answer = readAnswer(text);
  if (response.ok && answer !== undefined) return answer;
  if (isJsonObject(answer) && typeof answer['code'] === 'string') throw new RemoteProblem(answer);
  throw new MapwrightError('CLI_REMOTE_ANSWER', `${url} answered ${response.status}, and not as Mapwright does`, {
    hint: 'see whether --url names a Mapwright server of this version, and what stands before it',
  });
}

function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable({ url }: RemoteInstall, cause: unknown): MapwrightError {
  const deeper = causeOf(cause);
  return new MapwrightError('CLI_REMOTE_UNREACHABLE', `${url} cannot be reached: ${messageOf(deeper ?? cause)}`, {
    hint: isCertificate(deeper)
      ? 'of a certificate authority of your own: NODE_EXTRA_CA_CERTS=ca.pem; nothing was sent'
      : 'look whether the server runs, and whether the address is right',
    retryable: true,
    cause,
  });
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof Error ? thrown.cause : undefined;
}

/** True when the other side could not show that it is who it should be; asking again does not help. */
function isCertificate(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /CERT|SIGNATURE|^ERR_TLS_/u.test(code);
}
