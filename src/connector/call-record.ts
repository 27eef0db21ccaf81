import type { CallAnswer, CallRequest } from '../core/call.ts';
import type { RecordedAnswer, RecordedRequest } from '../core/step.ts';
import { recordBody } from './body-text.ts';
import { maskJsonText, maskUrl } from './masked-text.ts';
import { DOTS, type Redactor } from './redactor.ts';
import { isSensitiveHeader, isSensitiveName } from './sensitive-name.ts';

/** A request as it may be stored and shown: secrets hidden by their values and by the names of what holds them. */
export function recordRequest(
  request: CallRequest,
  redactor: Redactor,
  parameters: RecordedRequest['parameters'],
): RecordedRequest {
  return {
    method: request.method,
    url: maskUrl(redactor.redact(request.url)),
    headers: recordHeaders(request.headers, redactor),
    body: recordBody({ body: request.body, contentType: contentTypeOf(request.headers), redactor }),
    parameters: parameters.map(({ name, source, value }) => ({
      name,
      source: redactor.redact(source),
      value: recordParameter(name, value, redactor),
    })),
  };
}

/** An answer as it may be stored and shown. */
export function recordAnswer(answer: CallAnswer, redactor: Redactor): RecordedAnswer {
  return {
    status: answer.status,
    headers: recordHeaders(answer.headers, redactor),
    body: recordBody({ body: answer.body, contentType: contentTypeOf(answer.headers), redactor }),
    durationMs: answer.durationMs,
  };
}

function recordHeaders(headers: CallRequest['headers'], redactor: Redactor): [name: string, value: string][] {
  return headers.map(([name, value]) => [name, recordHeader(name, value, redactor)]);
}

function recordHeader(name: string, value: string, redactor: Redactor): string {
  if (isSensitiveHeader(name)) return `${authenticationScheme(name, value)}${DOTS}`;
  const redacted = redactor.redact(value);
  return /^(?:content-)?location$|^referer$/iu.test(name) ? maskUrl(redacted) : redacted;
}

/** `Basic `, `Bearer `: what kind of credential was sent helps whoever looks for a mistake. */
function authenticationScheme(name: string, value: string): string {
  if (!/authorization$/iu.test(name)) return '';
  return /^\s*(?:basic|bearer|digest|token|apikey|negotiate|hmac|oauth)(?=\s)/iu.exec(value)?.[0].concat(' ') ?? '';
}

function recordParameter(name: string, value: string, redactor: Redactor): string {
  if (isSensitiveName(name) && value !== '') return DOTS;
  const redacted = redactor.redact(value);
  return /^\s*[[{]/u.test(redacted) ? maskJsonText(redacted) : redacted;
}

function contentTypeOf(headers: CallRequest['headers']): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
}
