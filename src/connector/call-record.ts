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
  known: Redactor,
  parameters: RecordedRequest['parameters'],
): RecordedRequest {
  const request = withShownCredential(given);
  const redactor = lookedThrough(known, textsOf(request, parameters));
  return {
    method: request.method,
    url: maskUrl(redactor.redact(request.url)),
    headers: recordHeaders(request.headers, redactor),
    body: recordRequestBody(request, isShortText(request.body) ? redactor : known),
    parameters: parameters.map(({ name, source, value }) => ({
      name,
      source: redactor.redact(source),
      value: recordParameter(name, value, redactor),
    })),
  };
}

/** What stands between texts that are looked through together. */
const BETWEEN = '\u0000';

/**
 * The redactor, for these texts: they are looked through all at once, which takes a fraction of the time that one after the
 * other does. A secret that lay across two of them would be seen by nobody, and is not hidden.
 */
function lookedThrough(redactor: Redactor, texts: readonly string[]): Redactor {
  const all = texts.join(BETWEEN);
  const shown = redactor.redact(all);
  if (shown === all) return NOTHING_HIDDEN;
  const parts = shown.split(BETWEEN);
  // One of the texts, or a secret, has that character in it.
  if (parts.length !== texts.length || all.split(BETWEEN).length !== texts.length) return redactor;
  const known = new Map(texts.map((text, index) => [text, parts[index]]));
  return {
    add: (secret) => redactor.add(secret),
    redact: (text) => known.get(text) ?? redactor.redact(text),
    redactStart: (text, length) => redactor.redactStart(text, length),
    get longestForm() {
      return redactor.longestForm;
    },
  };
}

const NOTHING_HIDDEN: Redactor = {
  add: () => undefined,
  redact: (text) => text,
  redactStart: (text, length) => text.slice(0, length),
  longestForm: 0,
};

/** The texts of a request that are looked through for secrets, but for a body that takes a look of its own. */
function textsOf({ url, headers, body }: CallRequest, parameters: RecordedRequest['parameters']): string[] {
  const texts = isShortText(body) ? [url, body] : [url];
  for (const [, value] of headers) texts.push(value);
  for (const { source, value } of parameters) texts.push(source, value);
  return texts;
}

const SHORT_TEXT = 16 * 1024;

/** True of a body that is looked through as it stands. */
function isShortText(body: CallRequest['body']): body is string {
  return typeof body === 'string' && body.length <= SHORT_TEXT && !body.includes(BETWEEN);
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
