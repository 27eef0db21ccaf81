import { hostileText } from './hostile-text.ts';
import type { Random } from './random.ts';

/** What PHP's `serialize` is given. */
export type PhpInput =
  | null
  | boolean
  | number
  | string
  | { readonly entries: readonly (readonly [key: number | string, value: PhpInput])[] }
  | { readonly className: string; readonly properties: readonly (readonly [name: string, value: PhpInput])[] };

const NAMES = ['summary', 'active', 'bmapid', 'test', 'trigger', '__proto__', 'constructor', 'x'];
const CLASSES = ['RunWebserviceWorkflowTask', 'VTEmailTask', 'stdClass', 'A\\B', '__PHP_Incomplete_Class'];
const NUMBERS = [0, 1, -1, 2.5, -0.1, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY, Number.NaN];

/** A value of any kind, arrays and objects in it as deep as `depth`. */
export function phpInput(random: Random, depth = 4): PhpInput {
  switch (random.below(depth > 0 ? 7 : 4)) {
    case 0:
      return random.pick([null, true, false]);
    case 1:
      return random.pick(NUMBERS);
    case 2:
      return random.pick(['', '1', 'abc', 'Ñandú', '😀', '[{"fieldname":"name"}]']);
    case 3:
      return hostileText(random).toWellFormed();
    case 4:
      return { className: random.pick(CLASSES), properties: distinct(membersOf(random, depth)) };
    default:
      return { entries: random.oneIn(2) ? listOf(random, depth) : distinct(membersOf(random, depth)) };
  }
}

function membersOf(random: Random, depth: number): (readonly [string, PhpInput])[] {
  return Array.from({ length: random.below(5) }, () => [
    random.oneIn(8) ? `k${hostileText(random).toWellFormed()}` : random.pick(NAMES),
    phpInput(random, depth - 1),
  ]);
}

function listOf(random: Random, depth: number): (readonly [number, PhpInput])[] {
  return Array.from({ length: random.below(4) }, (_, index) => [index, phpInput(random, depth - 1)]);
}

function distinct(entries: readonly (readonly [string, PhpInput])[]): (readonly [string, PhpInput])[] {
  return [...new Map(entries)];
}

/** The text that PHP writes for a value. */
export function serialized(value: PhpInput): string {
  if (value === null) return 'N;';
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return `s:${Buffer.byteLength(value)}:"${value}";`;
  const isObject = 'className' in value;
  const entries: readonly (readonly [number | string, PhpInput])[] = isObject ? value.properties : value.entries;
  const members = entries.map(([key, member]) => serialized(key) + serialized(member)).join('');
  const head = isObject ? `O:${Buffer.byteLength(value.className)}:"${value.className}"` : 'a';
  return `${head}:${entries.length}:{${members}}`;
}

function numberText(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return `i:${value};`;
  if (Number.isNaN(value)) return 'd:NAN;';
  return `d:${Number.isFinite(value) ? value : value > 0 ? 'INF' : '-INF'};`;
}
