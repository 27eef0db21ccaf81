import type { Json } from '../core/json.ts';
import { DOTS } from './redactor.ts';

/** Words that name something confidential, also at the end of a compound (`userpassword`). */
const SENSITIVE_WORD =
  /(?:password|passwd|passphrase|passcode|pwd|secret|token|credential|apikey|accesskey|privatekey|secretkey|sessionid|sessid|sessionname|jwt)s?$/u;

/** Words that do so together. */
const SENSITIVE_PHRASE =
  /\b(?:api|access|private|secret|encryption|signing|subscription|license|account|auth) key\b|\bsession (?:id|name|key)\b/u;

/** Names that do so alone, too common as parts of others. */
const SENSITIVE_WHOLE: ReadonlySet<string> = new Set([
  'auth',
  'authorization',
  'bearer',
  'pass',
  'pin',
  'otp',
  'cvv',
  'cvc',
  'session',
  'cookie',
]);

/** Last words that speak about a secret without being one: `token_type`, `passwordChangedAt`. */
const DESCRIPTION =
  /\b(?:type|at|on|in|date|time|timestamp|expires|expired|expiry|expiration|ttl|age|lifetime|count|length|policy|limit|limits|status|enabled|required|changed|version|hint|strength|usage|used)$/u;

/** Quantities of language models' tokens. */
const QUANTITY = /\b(?:max|min|total|prompt|completion|input|output|cached|num|number of) tokens?\b/u;

/** Part of every sensitive name in any spelling, unless an escape hides its letters. */
const SENSITIVE_PART = /pass|pwd|secret|token|credential|key|sess|jwt|auth|bearer|pin|otp|cv[cv]|cookie|\\u/iu;

/** False when nothing in the JSON text can be a sensitive name: a quick look that spares a close one. */
export function mayHoldSensitiveName(json: string): boolean {
  return SENSITIVE_PART.test(json);
}

/** Names judged before: the same few come in every call. */
const judged = new Map<string, boolean>();
const MOST_NAMES_KEPT = 2_000;
const LONGEST_NAME_KEPT = 100;

/** True for names of parameters and JSON members whose values are confidential: `accessKey`, `user_password`, `sessionName`, `X-Token`. */
export function isSensitiveName(name: string): boolean {
  return remembered(judged, name, judgeName);
}

function remembered(known: Map<string, boolean>, name: string, judge: (name: string) => boolean): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  const isSensitive = judge(name);
  if (known.size >= MOST_NAMES_KEPT) known.clear();
  if (name.length <= LONGEST_NAME_KEPT) known.set(name, isSensitive);
  return isSensitive;
}

function judgeName(name: string): boolean {
  const words = wordsOf(name);
  const phrase = words.join(' ');
  if (SENSITIVE_WHOLE.has(phrase)) return true;
  if (DESCRIPTION.test(phrase) || QUANTITY.test(phrase)) return false;
  return SENSITIVE_PHRASE.test(phrase) || words.some((word) => SENSITIVE_WORD.test(word));
}

const SENSITIVE_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
]);

/** Headers judged before. */
const judgedHeaders = new Map<string, boolean>();

/** True for headers whose values are confidential; those named `...-Key` are, unless they make a call repeatable. */
export function isSensitiveHeader(name: string): boolean {
  return remembered(judgedHeaders, name, judgeHeader);
}

function judgeHeader(name: string): boolean {
  const lower = name.toLowerCase();
  if (SENSITIVE_HEADERS.has(lower) || isSensitiveName(name)) return true;
  return /(?:^|[-_])key$/u.test(lower) && !/^(?:x-)?idempotency-key$/u.test(lower);
}

const MAX_DEPTH = 200;

/** The value with dots for every sensitive member; what lies deeper than 200 levels is not shown either. */
export function redactJson(value: Json): Json {
  return redactAtDepth(value, 0);
}

function redactAtDepth(value: Json, depth: number): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return DOTS;
  if (isList(value)) return value.map((item) => redactAtDepth(item, depth + 1));
  const members = Object.entries(value).map(([name, member]): [string, Json] => [
    name,
    isSensitiveName(name) ? dotsFor(member) : redactAtDepth(member, depth + 1),
  ]);
  return Object.fromEntries(members);
}

/** Absence is no secret: whoever looks for a missing token must be able to see that it is missing. */
function dotsFor(member: Json): Json {
  return member === null || member === '' ? member : DOTS;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** `sessionName`, `session_name`, `SESSION-NAME`, `session.name`, `APIKey2`: words in lower case, digits set apart. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}
