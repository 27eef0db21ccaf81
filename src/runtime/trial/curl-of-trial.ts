import { randomBytes } from 'node:crypto';
import { type BodyPart, type CallRequest, isStreamed } from '../../core/call.ts';
import type { CallRecorder, Redactor } from '../../core/redactor.ts';
import type { RecordedRequest } from '../../core/step.ts';
import { applyPlain } from '../../connector/credential/plain-kinds.ts';
import { withShownCredential } from '../../connector/credential/shown-credential.ts';
import { DOTS } from '../../connector/redactor.ts';
import { type CurlBody, type CurlCommand, curlCommand, MISSING_BODY } from './curl-command.ts';

/** The request of a trial as a command, with variables in the place of everything confidential. */
export function curlOfTrial(
  request: CallRequest,
  shown: RecordedRequest,
  hiding: { readonly recorder: CallRecorder; readonly redactor: Redactor },
): CurlCommand {
  const { method, url, headers } = shown;
  const { body, notes } = shownBody(request, shown, hiding);
  return curlCommand({
    ...travelling(request),
    method,
    url,
    headers,
    body,
    notes: [...notes, ...credentialNotes(request)],
  });
}

/**
 * The same with every secret in it. What is asked for or signed for each call anew, such as a token, stays a variable. Throws
 * what a credential that cannot be put in throws.
 */
export function curlWithSecrets(given: CallRequest, now: number): CurlCommand {
  const request = withSecrets(given, now);
  const { method, url, headers, body } = request;
  const notes = ['the command holds secrets, and the shell may keep it in its history', ...credentialNotes(given)];
  return curlCommand({
    ...travelling(request),
    method,
    url,
    headers,
    body: plainBody(body),
    showsSecrets: true,
    notes,
  });
}

function travelling({ connectTimeoutMs, totalTimeoutMs, network }: CallRequest) {
  return { connectTimeoutMs, totalTimeoutMs, network };
}

function withSecrets(request: CallRequest, now: number): CallRequest {
  const { credential } = request;
  if (credential === undefined) return request;
  if (credential.kind === 'oauth2' || credential.kind === 'vtiger' || credential.kind === 'digest') {
    return withShownCredential(request);
  }
  return applyPlain(request, credential, { now, random: (bytes) => randomBytes(bytes), onSecret: () => undefined });
}

function plainBody(body: CallRequest['body']): CurlBody | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return { kind: 'text', text: body };
  if (isStreamed(body)) return body.content ?? { kind: 'file', name: MISSING_BODY };
  return { kind: 'bytes', bytes: body };
}

interface ShownBody {
  readonly body: CurlBody | undefined;
  readonly notes: readonly string[];
}

function shownBody(
  { body }: CallRequest,
  { body: recorded }: RecordedRequest,
  { recorder, redactor }: { readonly recorder: CallRecorder; readonly redactor: Redactor },
): ShownBody {
  if (body === undefined || recorded === undefined) return { body: undefined, notes: [] };
  if (isStreamed(body)) {
    if (body.content?.kind !== 'parts')
      return { body: body.content ?? { kind: 'file', name: MISSING_BODY }, notes: [] };
    const hidden = ({ text, ...part }: BodyPart): BodyPart => ({
      ...part,
      text:
        text === undefined || text === '' || !recorder.isSensitiveName(part.name)
          ? text && redactor.redact(text)
          : DOTS,
    });
    return { body: { kind: 'parts', parts: body.content.parts.map(hidden) }, notes: [] };
  }
  const isText = typeof body === 'string' || recorded.text !== `(${body.length.toLocaleString('en-US')} bytes)`;
  if (isText && !recorded.cut && !/^\([\d,]+ bytes of /u.test(recorded.text)) {
    return { body: { kind: 'text', text: recorded.text }, notes: [] };
  }
  const notes = [`the body of ${recorded.bytes} bytes is not in the command: put it into the file ${MISSING_BODY}`];
  return { body: { kind: 'file', name: MISSING_BODY }, notes };
}

/** What proves who calls, where a command alone cannot say it. */
function credentialNotes({ credential }: CallRequest): string[] {
  switch (credential?.kind) {
    case 'oauth2':
    case 'vtiger':
      return [`the token of credential ${credential.name} is got when a call is made: put one into the variable`];
    case 'digest':
      return [`credential ${credential.name} answers a challenge: take --digest --user NAME:PASSWORD for its header`];
    case 'hmac':
    case 'aws-sigv4':
    case 'ws-username-token':
    case 'ws-signature':
      return [`credential ${credential.name} signs each call anew: a command with a signature holds for minutes`];
    case 'client-certificate':
      return [`credential ${credential.name} is a certificate: add --cert FILE --key FILE`];
    case 'none':
    case 'api-key':
    case 'basic':
    case undefined:
      return [];
  }
}
