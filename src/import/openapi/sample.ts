import { isJsonObject, type Json } from '../../core/json.ts';
import type { References } from './references.ts';
import { textOfPattern } from './pattern-text.ts';
import { type Shape, shapeOf } from './shape.ts';

const DEEPEST = 6;

/** Which values a sample is for: what is sent has no read-only members, what comes has no write-only ones. */
type Direction = 'request' | 'answer';

/**
 * A value that a schema allows: its example, its default, the first of its choices, else one made up. Undefined where none can
 * be told. The same schema gives the same value.
 */
export function sampleOf(
  references: References,
  schema: Json | undefined,
  direction: Direction,
  depth = 0,
): Json | undefined {
  const shape = shapeOf(references, schema);
  if (shape.constant !== undefined) return shape.constant;
  const given = shape.example ?? shape.defaultValue;
  if (given !== undefined && given !== null && fits(given, shape)) return given;
  const choice = shape.enumeration?.find((one) => one !== null);
  if (choice !== undefined) return choice;
  if (shape.type === 'object') return sampleObject(references, shape, direction, depth);
  if (shape.type === 'array') return sampleList(references, shape, direction, depth);
  const [form] = shape.forms;
  if (shape.type === undefined && form !== undefined && depth <= DEEPEST)
    return sampleOf(references, form, direction, depth + 1);
  return scalarOf(shape);
}

function sampleObject(references: References, shape: Shape, direction: Direction, depth: number): Json {
  if (depth > DEEPEST) return {};
  const members: [string, Json][] = [];
  for (const [name, schema] of shape.properties) {
    const inner = shapeOf(references, schema);
    const isWanted = direction === 'request' ? !inner.isReadOnly : !inner.isWriteOnly;
    const isNeeded = shape.required.has(name);
    if (!isWanted || (depth > 1 && !isNeeded)) continue;
    const value = sampleOf(references, schema, direction, depth + 1);
    if (value !== undefined) members.push([name, value]);
  }
  return Object.fromEntries(members);
}

function sampleList(references: References, shape: Shape, direction: Direction, depth: number): Json {
  const least = Math.min(numberOf(shape, 'minItems') ?? 1, 5);
  if (depth > DEEPEST || shape.items === undefined) return [];
  const item = sampleOf(references, shape.items, direction, depth + 1);
  return item === undefined ? [] : Array.from({ length: Math.max(1, least) }, () => item);
}

const TEXTS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  email: 'anna@example.com',
  uuid: '3f0c6a2e-7f1b-4c55-9d1a-0c2b7a0e4d11',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  'uri-reference': '/example',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  byte: 'YWJj',
  binary: 'abc',
  duration: 'P1D',
};

function scalarOf(shape: Shape): Json | undefined {
  if (shape.type === 'boolean') return true;
  if (shape.type === 'integer' || shape.type === 'number') return numberWithin(shape);
  if (shape.type !== 'string') return undefined;
  const text = TEXTS[shape.format ?? ''];
  if (text !== undefined) return text;
  const least = Math.min(numberOf(shape, 'minLength') ?? 0, 1000);
  const most = numberOf(shape, 'maxLength') ?? Number.POSITIVE_INFINITY;
  const { pattern } = shape.schema;
  const patterned = typeof pattern === 'string' ? textOfPattern(pattern) : undefined;
  if (patterned !== undefined && patterned.length >= least && patterned.length <= most) return patterned;
  return 'text'.padEnd(least, 'x').slice(0, Math.max(0, most));
}

function numberWithin(shape: Shape): number {
  const least = numberOf(shape, 'minimum') ?? numberOf(shape, 'exclusiveMinimum');
  const most = numberOf(shape, 'maximum') ?? numberOf(shape, 'exclusiveMaximum');
  const isOpen = shape.schema['exclusiveMinimum'] === true || typeof shape.schema['exclusiveMinimum'] === 'number';
  const wanted =
    least === undefined
      ? Math.min(1, most ?? 1)
      : isOpen
        ? Math.floor(least) + 1
        : Math.ceil(Math.max(least, Math.min(1, most ?? 1)));
  const step = numberOf(shape, 'multipleOf');
  return step === undefined || step <= 0 ? wanted : Math.ceil(wanted / step) * step;
}

function numberOf({ schema }: Shape, name: string): number | undefined {
  const value = schema[name];
  return typeof value === 'number' ? value : undefined;
}

/** Examples are written by hand and of another type now and then. */
function fits(value: Json, { type, format, enumeration, schema }: Shape): boolean {
  if (enumeration !== undefined && !enumeration.includes(value)) return false;
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  if (type === undefined) return true;
  if (typeof value !== type) return false;
  if (typeof value !== 'string') return true;
  if (format === 'date') return /^\d{4}-\d{2}-\d{2}$/u.test(value);
  if (format === 'date-time') return /^\d{4}-\d{2}-\d{2}T/u.test(value) && !Number.isNaN(Date.parse(value));
  const [least, most] = [schema['minLength'], schema['maxLength']];
  return (typeof least !== 'number' || value.length >= least) && (typeof most !== 'number' || value.length <= most);
}
