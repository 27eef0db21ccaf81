import { type CallAnswer, type CallRequest, isStreamed } from '../core/call.ts';
import type { FileReference } from '../core/file-store.ts';
import type { RecordedAnswer, RecordedRequest } from '../core/step.ts';
import { recordBody } from './body-text.ts';
import { withShownCredential } from './credential/shown-credential.ts';
import { maskJsonText, maskUrl } from './masked-text.ts';
import { DOTS, type Redactor } from './redactor.ts';
import { isSensitiveHeader, isSensitiveName } from './sensitive-name.ts';

/** A request as it may be stored and shown: secrets hidden by their values and by the names of what holds them. */
export function recordRequest(
  given: CallRequest,
  redactor: Redactor,
  parameters: RecordedRequest['parameters'],
): RecordedRequest {
  const request = withShownCredential(given);
  return {
    method: request.method,
    url: maskUrl(redactor.redact(request.url)),
    headers: recordHeaders(request.headers, redactor),
    body: recordRequestBody(request, redactor),
    parameters: parameters.map(({ name, source, value }) => ({
      name,
      source: redactor.redact(source),
      value: recordParameter(name, value, redactor),
    })),
  };
}

/** Of a body that is given piece by piece what stands for it is kept, never its bytes. */
function recordRequestBody({ body, headers }: CallRequest, redactor: Redactor): RecordedRequest['body'] {
  const contentType = contentTypeOf(headers);
  if (!isStreamed(body)) return recordBody({ body, contentType, redactor });
  const shown = recordBody({ body: body.shown, contentType: 'text/plain', redactor });
  return shown && { ...shown, bytes: body.length ?? shown.bytes };
}

/** An answer as it may be stored and shown. */
export function recordAnswer(answer: CallAnswer, redactor: Redactor): RecordedAnswer {
  const contentType = contentTypeOf(answer.headers);
  return {
    status: answer.status,
    headers: recordHeaders(answer.headers, redactor),
    body: answer.file === undefined ? recordBody({ body: answer.body, contentType, redactor }) : shownFile(answer.file),
    durationMs: answer.durationMs,
    ...(answer.timings === undefined ? {} : { timings: answer.timings }),
  };
}

function shownFile({ id, name, type, size }: FileReference): RecordedAnswer['body'] {
  const text = `(stored as the file ${id}: ${name}, ${type}, ${size.toLocaleString('en-US')} bytes)`;
  return { text, bytes: size, cut: false };
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
  return (
    /^\s*(?:basic|bearer|digest|token|apikey|negotiate|hmac|oauth|aws4-hmac-sha256)(?=\s)/iu
      .exec(value)?.[0]
      .concat(' ') ?? ''
  );
}

function recordParameter(name: string, value: string, redactor: Redactor): string {
  if (isSensitiveName(name) && value !== '') return DOTS;
  const redacted = redactor.redact(value);
  return /^\s*[[{]/u.test(redacted) ? maskJsonText(redacted) : redacted;
}

function contentTypeOf(headers: CallRequest['headers']): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
}
