import type { QueryComparison, QueryCondition } from '../../../core/query.ts';
import type { LegacyCondition } from '../condition.ts';
import type { LegacyClock, LegacyField, LegacyModule, LegacyPreferences } from '../services.ts';
import { countOf, dayFromNow } from './date-operation.ts';
import { readFieldPath } from './field-path.ts';
import { rangeOf } from './range-operation.ts';
import { rawValue } from './raw-value.ts';
import { emptiness, never, not, or, queryValueOf, type QueryScope } from './query-value.ts';

/** Conditions as a search of the store. */
export interface RenderedConditions {
  /** Undefined: every record of the module. */
  readonly where: QueryCondition | undefined;
  /** False: more may be found than is meant, so what is found has to be judged by the conditions as well. */
  readonly isExact: boolean;
}

/** What rendering conditions needs to know. */
export interface ConditionScope extends QueryScope {
  readonly module: LegacyModule;
  readonly clock: LegacyClock;
  readonly preferences: LegacyPreferences;
}

/** A rendered condition; `where` undefined: it cannot be said to the store, so every record is looked at. */
interface Rendered {
  readonly where: QueryCondition | undefined;
  readonly isExact: boolean;
}

const UNSAID: Rendered = { where: undefined, isExact: false };

/**
 * The conditions as far as the store can judge them, joined as they are: what it finds contains every record that they
 * hold for. Texts are equal as databases have it: letter by letter, numbers in them not compared as numbers.
 */
export function renderConditions(conditions: readonly LegacyCondition[], scope: ConditionScope): RenderedConditions {
  const groups = new Map<string, LegacyCondition[]>();
  for (const condition of conditions) {
    const group = condition.groupid === undefined || condition.groupid === '' ? '0' : condition.groupid;
    groups.set(group, [...(groups.get(group) ?? []), condition]);
  }
  let all: Rendered | undefined;
  for (const group of groups.values()) {
    let inGroup: Rendered | undefined;
    let join: string | undefined;
    for (const condition of group) {
      inGroup = joined(inGroup, join, renderCondition(condition, scope));
      join = condition.joincondition;
    }
    if (inGroup !== undefined) all = joined(all, group.at(-1)?.groupjoin, inGroup);
  }
  return all ?? { where: undefined, isExact: true };
}

function joined(before: Rendered | undefined, join: string | undefined, next: Rendered): Rendered {
  if (before === undefined) return next;
  const isExact = before.isExact && next.isExact;
  const kind = join?.toLowerCase() === 'or' ? 'or' : 'and';
  if (before.where !== undefined && next.where !== undefined) {
    // Beside each other, not inside: a list of thousands of values would end the stack of whoever walks it.
    const parts = before.where.kind === kind ? before.where.parts : [before.where];
    return { where: { kind, parts: [...parts, next.where] }, isExact };
  }
  return kind === 'or' ? UNSAID : { where: before.where ?? next.where, isExact };
}

function renderCondition(condition: LegacyCondition, scope: ConditionScope): Rendered {
  const path = readFieldPath(condition.fieldname);
  const field = path.kind === 'own' ? fieldOf(scope.module, path.field) : undefined;
  if (field === undefined || condition.valuetype !== 'rawtext') return UNSAID;
  if (condition.operation === '') return { where: never(), isExact: true };
  return RENDERERS.get(condition.operation)?.(field, rawValue(condition.value), scope) ?? UNSAID;
}

function fieldOf(module: LegacyModule, name: string): LegacyField | undefined {
  if (name === 'id') return { name, label: name, type: 'reference', targets: [module.name] };
  return module.fields.get(name);
}

type Renderer = (field: LegacyField, value: string, scope: ConditionScope) => Rendered;

const NUMBERS: ReadonlySet<string> = new Set(['integer', 'number', 'currency']);
const TEXTS: ReadonlySet<string> = new Set(['text', 'picklist', 'multipicklist']);
const DAYS: ReadonlySet<string> = new Set(['date']);

const exact = (where: QueryCondition): Rendered => ({ where, isExact: true });

const equals: Renderer = (field, value, scope) => {
  if (value === '') return field.type === 'boolean' ? UNSAID : exact(emptiness(field, 'blank'));
  if (field.type === 'multipicklist') return like((text) => `%${text}%`)(field, value, scope);
  const wanted = queryValueOf(field, value, scope);
  return wanted === undefined ? UNSAID : exact(wanted);
};

const differs: Renderer = (field, value, scope) => {
  const same = field.type === 'multipicklist' ? UNSAID : equals(field, value, scope);
  if (same.where === undefined) return UNSAID;
  const leavesOutBlank = value === '' || (field.type === 'boolean' && value === '0');
  if (leavesOutBlank) return exact(not(same.where));
  return exact(or([emptiness(field, 'blank'), not(same.where)]));
};

/** Only `is` and `is not` take a record's number for its id. */
function ofWhole(renderer: Renderer): Renderer {
  return (field, value, scope) => {
    const isId = field.type === 'reference' || field.type === 'owner';
    return isId && /^\d+$/u.test(value) ? UNSAID : renderer(field, value, scope);
  };
}

/** A database may take seconds to look for more in one long text. */
const LONGEST_SEARCHED = 255;

/** The store knows no letter case among A to Z, so what it finds has to be looked at again. */
function like(pattern: (text: string) => string): Renderer {
  return (field, value) => {
    if (value === '' || value.length > LONGEST_SEARCHED || !TEXTS.has(field.type)) return UNSAID;
    const escaped = value.replaceAll(/[%_\\]/gu, (found) => `\\${found}`);
    return { where: { kind: 'like', field: field.name, pattern: pattern(escaped) }, isExact: false };
  };
}

/** `before` and `after` are false of what is empty, zero included, which is looked at again. */
function compare(operator: QueryComparison, ofFilled = false): Renderer {
  return (field, value) => {
    const number = Number(value);
    if (NUMBERS.has(field.type) && value !== '' && Number.isFinite(number)) {
      // What is empty compares as nothing, which is less than any positive number.
      const where: QueryCondition = { kind: 'compare', field: field.name, operator, value: number };
      const lets = operator.startsWith('<') ? or([where, emptiness(field, 'blank')]) : where;
      return { where: lets, isExact: !ofFilled && !operator.startsWith('<') };
    }
    if (!DAYS.has(field.type) || !/^\d{4}-\d\d-\d\d$/u.test(value)) return UNSAID;
    const where: QueryCondition = { kind: 'compare', field: field.name, operator, value };
    return { where: operator.startsWith('<') ? or([where, emptiness(field, 'blank')]) : where, isExact: false };
  };
}

/** Days from now: the operators, and on which side of today the day is. */
function days(...bounds: readonly (readonly [QueryComparison, -1 | 0 | 1])[]): Renderer {
  return (field, value, { clock }) => {
    const count = countOf(value);
    if (!DAYS.has(field.type) || count === undefined) return UNSAID;
    const parts = bounds.map(([operator, sign]): QueryCondition => ({
      kind: 'compare',
      field: field.name,
      operator,
      value: dayFromNow(clock, sign * count),
    }));
    return exact({ kind: 'and', parts });
  };
}

const between: Renderer = (field, value, { preferences }) => {
  const range = rangeOf(value, preferences);
  const isDay = DAYS.has(field.type);
  if (range === undefined || !(isDay || NUMBERS.has(field.type))) return UNSAID;
  if (range.some((end) => end === '' || (!isDay && Number.isNaN(Number(end))))) return UNSAID;
  const [start, end] = range.map((one) => (isDay ? one : Number(one)));
  if (start === undefined || end === undefined) return UNSAID;
  const parts: QueryCondition[] = [
    { kind: 'compare', field: field.name, operator: '>', value: start },
    { kind: 'compare', field: field.name, operator: '<', value: end },
  ];
  // Zero is empty, and nothing empty is between two values.
  return { where: { kind: 'and', parts }, isExact: isDay };
};

const RENDERERS: ReadonlyMap<string, Renderer> = new Map<string, Renderer>([
  ['is', equals],
  ['equal to', ofWhole(equals)],
  ['is not', differs],
  ['does not equal', ofWhole(differs)],
  ['is empty', (field) => exact(emptiness(field, 'falsy'))],
  ['is not empty', (field) => exact(not(emptiness(field, 'falsy')))],
  ['contains', like((text) => `%${text}%`)],
  ['starts with', like((text) => `${text}%`)],
  ['ends with', like((text) => `%${text}`)],
  ['less than', compare('<')],
  ['greater than', compare('>')],
  ['less than or equal to', compare('<=')],
  ['greater than or equal to', compare('>=')],
  ['before', compare('<', true)],
  ['after', compare('>', true)],
  ['between', between],
  ['less than days ago', days(['>=', -1], ['<=', 0])],
  ['more than days ago', days(['<=', -1])],
  ['in less than', days(['>=', 0], ['<=', 1])],
  ['in more than', days(['>=', 1])],
  ['days ago', days(['=', -1])],
  ['days later', days(['=', 1])],
]);
