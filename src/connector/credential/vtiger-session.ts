import type { CallAnswer, CallRequest } from '../../core/call.ts';
import type { Credential } from '../../core/credential.ts';
import { isJsonObject } from '../../core/json.ts';
import { readJson } from '../../core/json-text.ts';
import { wholeBody } from '../../core/large-body.ts';
import { withField, withHeader, withQuery } from './token-place.ts';

type Vtiger = Extract<Credential, { kind: 'vtiger' }>;

const NAME = 'sessionName';
const FORM = 'application/x-www-form-urlencoded';
/** A refusal is short; what is longer is what was asked for. */
const LONGEST_REFUSAL = 64 * 1024;

/** The request within the session: a field of its form, or else a parameter of its address. */
export function putSession(
  request: CallRequest,
  session: string,
  encode: (text: string) => string = encodeURIComponent,
): CallRequest {
  const encoded = encode(session);
  if (!sendsForm(request)) return { ...request, url: withQuery(request.url, NAME, encoded) };
  const body = withField(typeof request.body === 'string' ? request.body : '', NAME, encoded);
  const typed = contentTypeOf(request) === undefined ? withHeader(request, 'Content-Type', FORM) : request;
  return { ...typed, body };
}

/** A POST without anything becomes a form. */
function sendsForm(request: CallRequest): boolean {
  if (request.body === undefined) return request.method === 'POST' && contentTypeOf(request) === undefined;
  return typeof request.body === 'string' && contentTypeOf(request)?.toLowerCase().startsWith(FORM) === true;
}

function contentTypeOf({ headers }: CallRequest): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
}

/** True when the answer says that the session is gone: by its status, or by the code of a `success:false`. */
export function isSessionGone({ renewOnCodes, renewal }: Vtiger, { status, body }: CallAnswer): boolean {
  if (renewal.onStatuses.includes(status) || renewOnCodes.includes(String(status))) return true;
  if (body.length > LONGEST_REFUSAL) return false;
  const text = new TextDecoder().decode(wholeBody(body));
  const answer = /"success"\s*:\s*false/u.test(text) ? readJson(text) : undefined;
  const error = isJsonObject(answer) && answer['success'] === false ? answer['error'] : undefined;
  const code = isJsonObject(error) ? error['code'] : undefined;
  return typeof code === 'string' && renewOnCodes.includes(code);
}
