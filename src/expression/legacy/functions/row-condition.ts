import { MapwrightError } from '../../../core/error.ts';
import type { LegacyEnvironment } from '../environment.ts';
import type { LegacyRow } from '../services.ts';
import { compareLoosely, isNumeric, type LegacyValue, toLegacyText } from '../value.ts';
import { memberOf } from '../../output-path.ts';
import { bareNumber } from './argument.ts';
import type { FunctionScope } from './function.ts';

/** One condition of `[field,op,value,glue],[..]`, its value computed on the record that the expression belongs to. */
interface RowCondition {
  readonly field: string;
  readonly operator: RowOperator;
  readonly value: LegacyValue;
  /** Joins the next condition. */
  readonly glue: 'and' | 'or';
}

type RowOperator = (stored: string, value: string) => boolean;

const WITHOUT_VALUE: ReadonlySet<string> = new Set(['y', 'ny']);

/** The operators of the original's lists and filters. */
const OPERATORS: Readonly<Record<string, RowOperator>> = {
  e: (stored, value) => isSame(stored, value),
  n: (stored, value) => !isSame(stored, value),
  s: (stored, value) => stored.startsWith(value),
  ew: (stored, value) => stored.endsWith(value),
  c: (stored, value) => stored.includes(value),
  k: (stored, value) => !stored.includes(value),
  dnsw: (stored, value) => !stored.startsWith(value),
  dnew: (stored, value) => !stored.endsWith(value),
  l: (stored, value) => stored !== '' && compareLoosely(stored, value) < 0,
  g: (stored, value) => stored !== '' && compareLoosely(stored, value) > 0,
  m: (stored, value) => stored !== '' && compareLoosely(stored, value) <= 0,
  h: (stored, value) => stored !== '' && compareLoosely(stored, value) >= 0,
  b: (stored, value) => stored !== '' && compareLoosely(stored, value) < 0,
  a: (stored, value) => stored !== '' && compareLoosely(stored, value) > 0,
  bw: (stored, value) => isBetween(stored, value.split(',')),
  i: (stored, value) => value.split(',').some((one) => isSame(stored, one.trim())),
  ni: (stored, value) => !value.split(',').some((one) => isSame(stored, one.trim())),
  y: (stored) => stored === '',
  ny: (stored) => stored !== '',
};

/** Those of the rows for which the conditions hold: all when there are none. Rejects with EXPRESSION_FAILED for others. */
export async function matchRowConditions(
  rows: readonly LegacyRow[],
  text: string,
  scope: FunctionScope,
): Promise<readonly LegacyRow[]> {
  if (text.trim() === '' || rows.length === 0) return rows;
  const conditions: RowCondition[] = [];
  for (const part of text.split('],['))
    conditions.push(await readCondition(part.replace(/^\s*\[|\]\s*$/gu, ''), scope));
  return rows.filter((row) => {
    // Ten thousand rows, each compared with a long list, are more than a moment.
    scope.guard.countStep();
    return holds(conditions, row);
  });
}

/** Left to right, without precedence. */
function holds(conditions: readonly RowCondition[], row: LegacyRow): boolean {
  let result = true;
  let glue: 'and' | 'or' = 'and';
  for (const condition of conditions) {
    const next = condition.operator(storedValue(row, condition.field), bareNumber(toLegacyText(condition.value)));
    result = glue === 'and' ? result && next : result || next;
    glue = condition.glue;
  }
  return result;
}

/** References as bare numbers, as the database compares them. */
function storedValue(row: LegacyRow, field: string): string {
  return bareNumber(field === 'id' ? row.id : (row.fields[field] ?? ''));
}

async function readCondition(text: string, scope: FunctionScope): Promise<RowCondition> {
  const parts = splitOutside(text);
  const kind = parts.at(-1)?.trim() ?? '';
  const isTyped = parts.length > 4 && ['expression', 'fieldname', 'rawtext'].includes(kind);
  const values = isTyped ? parts.slice(0, -1) : parts;
  const last = values.at(-1)?.trim().toLowerCase() ?? '';
  const isGlued = values.length > 2 && ['and', 'or', ''].includes(last);
  const [field = '', operator = '', ...rest] = isGlued ? values.slice(0, -1) : values;
  const value = rest.join(',');
  return {
    field: field.trim(),
    operator: findOperator(operator.trim()),
    value: await valueOf(isTyped ? kind : '', value, scope),
    glue: isGlued && last === 'or' ? 'or' : 'and',
  };
}

function findOperator(name: string): RowOperator {
  const found = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (found !== undefined) return found;
  throw new MapwrightError(
    'EXPRESSION_FAILED',
    `"${name.slice(0, 20)}" compares nothing in [field,operator,value,glue]`,
    {
      hint: `there are ${Object.keys(OPERATORS).join(' ')}; ${[...WITHOUT_VALUE].join(' and ')} look at no value`,
    },
  );
}

async function valueOf(kind: string, text: string, scope: FunctionScope): Promise<LegacyValue> {
  if (kind === 'expression') return scope.evaluateText(decodePercent(text));
  if (kind === 'fieldname') return memberOf(scope.environment.record, text.trim()) ?? '';
  return fillFields(text, scope.environment);
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing stands for itself.
    return text;
  }
}

const PLACEHOLDER = /\$\((?<field>\w+) : \((?<module>\w+)\) (?<target>\w+)\)|\$(?<name>[A-Za-z]\w*)/gu;

/** `$field` and `$(reference : (Module) field)` replaced by what is stored. */
async function fillFields(text: string, { record, related }: LegacyEnvironment): Promise<string> {
  let filled = '';
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const { field = '', module = '', target = '', name } = match.groups ?? {};
    const value = name === undefined ? await related({ field, module, target }) : memberOf(record, name);
    filled += text.slice(from, match.index) + toLegacyText(value ?? '');
    from = match.index + match[0].length;
  }
  return filled + text.slice(from);
}

/** At commas that stand outside of brackets and quotes. */
function splitOutside(text: string): string[] {
  const parts = [''];
  let depth = 0;
  let quote = '';
  for (const character of text) {
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (depth > 0 && (character === "'" || character === '"')) quote = character;
    else if (character === '(') depth++;
    else if (character === ')') depth = Math.max(0, depth - 1);
    if (character === ',' && depth === 0 && quote === '') parts.push('');
    else parts.push((parts.pop() ?? '') + character);
  }
  return parts;
}

/** Equal as databases compare: as numbers where both are, else letter by letter. */
function isSame(stored: string, value: string): boolean {
  return isNumeric(stored) && isNumeric(value) ? Number(stored) === Number(value) : stored === value;
}

function isBetween(stored: string, [from = '', to = '']: readonly string[]): boolean {
  return stored !== '' && compareLoosely(stored, from.trim()) >= 0 && compareLoosely(stored, to.trim()) <= 0;
}
