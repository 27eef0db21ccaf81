import { createHash } from 'node:crypto';
import { MapwrightError } from '../core/error.ts';
import { isJsonObject } from '../core/json.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { RecordId, RecordImage, RecordValue } from '../core/record.ts';
import type { DedupKey } from '../core/unit-of-work.ts';

/** What makes a repeated request known: the client's own identifier and what the request says. */
export interface RequestKey {
  readonly scope: typeof REQUEST_SCOPE;
  readonly key: string;
  readonly bodyHash: string;
}

/** The scope of dedup keys that clients name. */
const REQUEST_SCOPE = 'request';

const KEPT_MS = 30 * 24 * 3_600_000;
const LONGEST_IDENTIFIER = 255;
const DEEPEST_BODY = 64;

/**
 * The key of a request of a user. The order of an element's members makes no difference.
 * Throws INVALID_PARAMETER for an identifier of more than 255 characters and for elements nested deeper than 64.
 */
export function requestKey(params: {
  readonly user: string;
  readonly identifier: string;
  readonly operation: string;
  readonly body: Json;
}): RequestKey {
  if (params.identifier.length > LONGEST_IDENTIFIER) {
    throw new MapwrightError(
      'INVALID_PARAMETER',
      `ClientRequestIdentifier is longer than ${LONGEST_IDENTIFIER} characters`,
    );
  }
  const text = `${params.operation}\n${canonicalJson(params.body, DEEPEST_BODY)}`;
  const bodyHash = createHash('sha256').update(text).digest('hex');
  return { scope: REQUEST_SCOPE, key: `${params.user}|${params.identifier}`, bodyHash };
}

/** The key of a start of a workflow: the same through whichever door it comes. */
export function startKey(params: {
  readonly user: string;
  readonly identifier: string;
  readonly workflow: string;
  readonly records: readonly RecordId[];
  readonly context: JsonObject;
}): RequestKey {
  const { user, identifier, workflow, records, context } = params;
  return requestKey({ user, identifier, operation: 'start', body: [workflow, [...records], context] });
}

/** The key as a unit of work carries it: kept 30 days, answering repetitions with this record. */
export function dedupKey(key: RequestKey, image: RecordImage, at: number): DedupKey {
  return { ...key, answer: { ...image, values: { ...image.values } }, expiresAt: at + KEPT_MS };
}

/** DUPLICATE_REQUEST_IDENTIFIER: the identifier was used for another request. */
export function identifierReused(): MapwrightError {
  return new MapwrightError(
    'DUPLICATE_REQUEST_IDENTIFIER',
    'The ClientRequestIdentifier was used before for a request with another content',
    { hint: 'send a new identifier with every new request, and the same one only when repeating a request' },
  );
}

/** The record a stored answer holds. Throws RECORD_ANSWER_UNREADABLE for anything that `dedupKey` did not write. */
export function readStoredImage(answer: Json): RecordImage {
  if (isJsonObject(answer) && isJsonObject(answer.values)) {
    const { id, module, version, createdAt, modifiedAt, createdBy, modifiedBy } = answer;
    const texts = typeof id === 'string' && typeof module === 'string';
    const users = typeof createdBy === 'string' && typeof modifiedBy === 'string';
    const times = typeof createdAt === 'number' && typeof modifiedAt === 'number' && typeof version === 'number';
    if (texts && users && times) {
      const values = readStoredValues(answer.values);
      return { id, module, version, values, createdAt, modifiedAt, createdBy, modifiedBy };
    }
  }
  throw new MapwrightError('RECORD_ANSWER_UNREADABLE', 'The stored answer of an earlier request cannot be read');
}

function readStoredValues(values: JsonObject): Record<string, RecordValue> {
  const read: Record<string, RecordValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === null || typeof value !== 'object') read[name] = value;
  }
  return read;
}

function canonicalJson(value: Json, depth: number): string {
  if (depth === 0) throw new MapwrightError('INVALID_PARAMETER', `The element is nested deeper than ${DEEPEST_BODY}`);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item, depth - 1)).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).toSorted();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null, depth - 1)}`).join(',')}}`;
}
