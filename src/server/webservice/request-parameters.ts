import { MapwrightError } from '../../core/error.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { DEEPEST_JSON, isTooDeep, readJson } from '../../core/json-text.ts';
import { parseFormText } from './form-text.ts';
import { describeJsonFault, findJsonFault } from './json-fault.ts';
import { readBody } from './request-body.ts';
import { requestInvalid } from './request-refusal.ts';

/** What a request says, wherever it says it. */
export interface RequestParameters {
  /** A parameter as text; undefined when there is none, or when it is not a single value. */
  text(name: string): string | undefined;
  /**
   * A parameter that is a JSON object: as text, or nested in a JSON body. Undefined when it is absent or empty.
   * Throws a MapwrightError of the given code that says where the text is no JSON.
   */
  object(name: string, code: string): JsonObject | undefined;
  /**
   * A parameter that is a list: JSON as text, nested in a JSON body, or texts separated by commas. Undefined when it is
   * absent or empty. Throws a MapwrightError of the given code when it starts like a JSON list and is none.
   */
  list(name: string, code: string): readonly Json[] | undefined;
  /** All that was said, as it was said. */
  all(): JsonObject;
}

const MOST_PARAMETERS = 1_000;

/**
 * Reads the parameters of a request: of the query string, then of a form (urlencoded or multipart) or JSON body, which
 * wins. Rejects with a RequestRefusal when the body is too large or is not what it claims to be.
 */
export async function readParameters(request: Request, maxBytes: number): Promise<RequestParameters> {
  const query = parseFormText(new URL(request.url).search.slice(1));
  if (query === undefined) throw requestInvalid('The query string is not UTF-8');
  const body = await readBody(request, maxBytes);
  const values = new Map<string, Json>([...query, ...(body.length === 0 ? [] : await parseBody(request, body))]);
  if (values.size > MOST_PARAMETERS) throw requestInvalid(`The request has more than ${MOST_PARAMETERS} parameters`);
  return parametersOf(values);
}

/** Parameters that were read before. */
export function parametersOf(values: ReadonlyMap<string, Json>): RequestParameters {
  return {
    text: (name) => textOf(values.get(name)),
    object: (name, code) => objectOf(name, values.get(name), code),
    list: (name, code) => listOf(name, values.get(name), code),
    all: () => Object.fromEntries(values),
  };
}

async function parseBody(request: Request, body: Uint8Array<ArrayBuffer>): Promise<Map<string, Json>> {
  const contentType = request.headers.get('content-type') ?? '';
  if (/^multipart\/form-data\b/iu.test(contentType)) return parseMultipart(body, contentType);
  const text = decodeText(body);
  // Some clients send JSON under the header of a form, and a form never starts with a brace.
  const isForm = /^application\/x-www-form-urlencoded\b/iu.test(contentType) && !text.trimStart().startsWith('{');
  if (!isForm) return parseJsonBody(text);
  const form = parseFormText(text);
  if (form === undefined) throw requestInvalid('The form is not UTF-8');
  return form;
}

async function parseMultipart(body: Uint8Array<ArrayBuffer>, contentType: string): Promise<Map<string, Json>> {
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData().catch(() => {
    throw requestInvalid('The body is not a multipart form');
  });
  const values = new Map<string, Json>();
  for (const [name, value] of form) if (typeof value === 'string') values.set(name, value);
  return values;
}

function parseJsonBody(text: string): Map<string, Json> {
  const parsed = readJson(text);
  if (parsed === undefined) throw requestInvalid(`The body is no form, and it ${faultOf(text)}`);
  if (!isJsonObject(parsed)) throw requestInvalid('The body is JSON, but not an object');
  return new Map(Object.entries(parsed));
}

function decodeText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw requestInvalid('The body is not UTF-8');
  }
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  return String(value);
}

function objectOf(name: string, value: Json | undefined, code: string): JsonObject | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const parsed = typeof value === 'string' ? readJson(value) : value;
  if (isJsonObject(parsed)) return parsed;
  if (parsed !== undefined) throw new MapwrightError(code, `Parameter ${name} is JSON, but not an object`);
  throw new MapwrightError(code, `Parameter ${name} ${faultOf(String(value))}`);
}

function listOf(name: string, value: Json | undefined, code: string): readonly Json[] | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') throw new MapwrightError(code, `Parameter ${name} is no list`);
  const parsed = readJson(value);
  if (Array.isArray(parsed)) return parsed;
  if (typeof parsed === 'string') return [parsed];
  if (!/^\s*[[{"]/u.test(value)) return value.split(',').map((item) => item.trim());
  if (parsed !== undefined) throw new MapwrightError(code, `Parameter ${name} is JSON, but not a list`);
  throw new MapwrightError(code, `Parameter ${name} ${faultOf(value)}`);
}

/** Why a text is not read as JSON. */
function faultOf(text: string): string {
  if (isTooDeep(text)) return `nests lists and objects more than ${DEEPEST_JSON} levels deep`;
  return `is not valid JSON: ${describeJsonFault(findJsonFault(text))}`;
}
