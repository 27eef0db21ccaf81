import jsonata from 'jsonata';
import { MapwrightError } from '../core/error.ts';
import type { AmbientRandom } from './ambient-random.ts';
import { formatDateTime } from './date-time.ts';
import type { Ambience } from './environment.ts';
import { isCallable, type JsonataGuard, tooLarge } from './jsonata-guard.ts';

/** What the functions of one evaluation work with. */
export interface FunctionScope {
  readonly guard: JsonataGuard;
  readonly ambience: Ambience;
  readonly random: AmbientRandom;
}

type Implementation = (scope: () => FunctionScope) => (...values: never[]) => unknown;

interface FunctionDefinition {
  readonly name: string;
  /** JSONata's signature syntax. */
  readonly signature: string;
  readonly implement: Implementation;
}

const MAX_PICTURE_LENGTH = 256;
const MAX_PRETTY_SIZE = 1024 * 1024;

/**
 * What replaces JSONata's own functions (unbounded, or not repeatable), and what is added. JSONata reads the parameters' names
 * out of the source for `$pad(?, 5)`, so they have no default values; and `$map` passes as many arguments as there are
 * parameters without one, so `$string` has.
 */
const FUNCTIONS: readonly FunctionDefinition[] = [
  {
    name: 'pad',
    signature: '<s-ns?:s>',
    implement: (scope) => (text?: string, width?: number, fill?: string) => pad(scope().guard, text, width ?? 0, fill),
  },
  {
    name: 'string',
    signature: '<x-b?:s>',
    implement:
      (scope) =>
      (value: unknown, pretty = false) =>
        stringify(scope().guard, value, pretty),
  },
  {
    name: 'join',
    signature: '<a<s>s?:s>',
    implement: (scope) => (parts?: readonly string[], separator?: string) =>
      join(scope().guard, parts, separator ?? ''),
  },
  {
    name: 'append',
    signature: '<xx:a>',
    implement: (scope) => (first: unknown, second: unknown) => append(scope().guard, first, second),
  },
  { name: 'distinct', signature: '<x:x>', implement: (scope) => (values: unknown) => distinct(scope().guard, values) },
  {
    name: 'shuffle',
    signature: '<a:a>',
    implement: (scope) => (values?: readonly unknown[]) => shuffle(scope().random, values),
  },
  { name: 'random', signature: '<:n>', implement: (scope) => () => scope().random.next() },
  { name: 'uuid', signature: '<:s>', implement: (scope) => () => scope().random.uuid() },
  { name: 'millis', signature: '<:n>', implement: (scope) => () => scope().ambience.now },
  {
    name: 'now',
    signature: '<s?s?:s>',
    implement: (scope) => (picture?: string, zone?: string) => fromMillis(scope().ambience.now, picture, zone),
  },
  {
    name: 'fromMillis',
    signature: '<n-s?s?:s>',
    implement: () => (millis?: number, picture?: string, zone?: string) => fromMillis(millis, picture, zone),
  },
  {
    name: 'toMillis',
    signature: '<s-s?:n>',
    implement: () => (text?: string, picture?: string) => toMillis(text, picture),
  },
  {
    name: 'DateTime',
    signature: '<s?s?s?:s>',
    implement: (scope) => (pattern?: string, shift?: string, zone?: string) =>
      formatDateTime(scope().ambience, pattern, shift, zone),
  },
  {
    name: 'formatNumber',
    signature: '<n-so?:s>',
    implement: () => (number?: number, picture?: string, options?: object) => formatNumber(number, picture, options),
  },
  { name: 'eval', signature: '<sx?:x>', implement: () => () => refuseEval() },
];

const BUILT_IN_NAMES =
  'sum count max min average substring substringBefore substringAfter lowercase uppercase length trim match contains ' +
  'replace split formatBase formatInteger parseInteger number floor ceil round abs sqrt power boolean not ' +
  'map zip filter single reduce sift keys lookup exists spread merge reverse each error assert type sort base64encode ' +
  'base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl clone';

/** Every function an expression may call by name, without the `$`. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set([
  ...BUILT_IN_NAMES.split(' '),
  ...FUNCTIONS.map((definition) => definition.name),
]);

/** Puts the bounded functions into a compiled expression; `scope` gives that of the evaluation in progress. */
export function registerFunctions(expression: jsonata.Expression, scope: () => FunctionScope): void {
  for (const { name, signature, implement } of FUNCTIONS) {
    const implementation = implement(scope) as (...values: unknown[]) => unknown;
    expression.registerFunction(name, implementation, signature);
  }
}

function refuseEval(): never {
  throw new MapwrightError('EXPRESSION_FAILED', '$eval is not available');
}

function pad(guard: JsonataGuard, text: string | undefined, width: number, fill?: string): string | undefined {
  if (text === undefined) return undefined;
  const length = Math.trunc(Math.abs(width));
  guard.checkLength(length);
  const missing = length - [...text].length;
  if (!(missing > 0)) return text;
  const unit = [...(fill === undefined || fill === '' ? ' ' : fill)];
  const rest = unit.slice(0, missing % unit.length).join('');
  const padding = unit.join('').repeat(Math.floor(missing / unit.length)) + rest;
  return width > 0 ? text + padding : padding + text;
}

function stringify(guard: JsonataGuard, value: unknown, pretty: boolean): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (isCallable(value)) return '';
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new MapwrightError('EXPRESSION_FAILED', 'a number that is not finite has no text');
  }
  guard.checkLength(guard.sizeOf(value));
  if (pretty && guard.sizeOf(value) > MAX_PRETTY_SIZE) throw tooLarge('it writes a large value with indentation');
  return JSON.stringify(
    value,
    (_, member: unknown) => {
      if (typeof member === 'number' && !Number.isInteger(member)) return Number(member.toPrecision(15));
      return isCallable(member) ? '' : member;
    },
    pretty ? 2 : 0,
  );
}

function join(guard: JsonataGuard, parts: readonly string[] | undefined, separator: string): string | undefined {
  if (parts === undefined) return undefined;
  const length = parts.reduce((sum, part) => sum + part.length + separator.length, 0);
  guard.checkLength(length);
  return parts.join(separator);
}

function append(guard: JsonataGuard, first: unknown, second: unknown): unknown {
  guard.checkTime();
  if (first === undefined) return second;
  if (second === undefined) return first;
  const joined = [first, second].flat();
  if (joined.length > guard.maxSequence) throw tooLarge(`it builds a list of ${joined.length}`);
  return joined;
}

function distinct(guard: JsonataGuard, values: unknown): unknown {
  if (!Array.isArray(values) || values.length <= 1) return values;
  guard.checkLength(guard.sizeOf(values));
  const seen = new Map<string, unknown>();
  for (const value of values) {
    const key = canonicalText(value);
    if (!seen.has(key)) seen.set(key, value);
  }
  return [...seen.values()];
}

/** A text that two values share when they are equal; the order of an object's members does not count. */
function canonicalText(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) => {
      if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
      return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? ''
  );
}

function shuffle(random: AmbientRandom, values: readonly unknown[] | undefined): unknown {
  if (values === undefined) return undefined;
  return values
    .map((value) => ({ value, rank: random.next() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}

const formatMillis = jsonata('$fromMillis(millis, picture, zone)');
const parseMillis = jsonata('$toMillis(text, picture)');
const formatPlainNumber = jsonata('$formatNumber(number, picture)');
const formatNumberBy = jsonata('$formatNumber(number, picture, options)');

/** What JSONata's own function gives. A place in the expression that calls it here would mean nothing to anybody. */
async function originally(call: jsonata.Expression, values: Readonly<Record<string, unknown>>): Promise<unknown> {
  try {
    return await call.evaluate(values);
  } catch (thrown) {
    if (typeof thrown === 'object' && thrown !== null) Reflect.deleteProperty(thrown, 'position');
    throw thrown;
  }
}

function fromMillis(millis: number | undefined, picture?: string, zone?: string): unknown {
  if (millis === undefined) return undefined;
  checkPicture(picture);
  return originally(formatMillis, { millis, picture, zone });
}

function toMillis(text: string | undefined, picture?: string): unknown {
  if (text === undefined) return undefined;
  checkPicture(picture);
  if (picture !== undefined) checkBacktracking(text, picture);
  return originally(parseMillis, { text, picture });
}

/** JSONata reads a picture in time that grows with the square of its length. */
function formatNumber(number: number | undefined, picture = '', options?: object): unknown {
  if (number === undefined) return undefined;
  if (picture.length > MAX_PICTURE_LENGTH) {
    throw tooLarge(`its number picture is longer than ${MAX_PICTURE_LENGTH} characters`);
  }
  if (options === undefined) return originally(formatPlainNumber, { number, picture });
  return originally(formatNumberBy, { number, picture, options });
}

/** A picture may ask for a padding of any width (`[Y,999999999]`), which would be built at once. */
function checkPicture(picture: string | undefined): void {
  if (picture === undefined) return;
  if (picture.length > MAX_PICTURE_LENGTH || /,[^\]]*\d{3}/u.test(picture)) {
    throw tooLarge('its date picture is too long or asks for too wide a field');
  }
}

/** JSONata matches a picture with a backtracking expression: its cost grows with the ways to cut a run of letters and digits. */
function checkBacktracking(text: string, picture: string): void {
  const longestRun = Math.max(0, ...(text.slice(0, 1000).match(/[\p{L}\p{N}]+/gu) ?? []).map((run) => run.length));
  const fields = picture.split('[').length - 1;
  let ways = text.length > 1000 ? Number.POSITIVE_INFINITY : 1;
  for (let field = 1; field <= fields; field++) ways *= (longestRun + field) / field;
  if (ways > 10_000_000) throw tooLarge('its date picture does not fit the text');
}
