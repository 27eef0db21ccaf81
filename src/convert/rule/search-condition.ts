import type { FieldDefinition, FieldType, ModuleDefinition } from '../../core/module.ts';
import type { SearchOperator } from '../../document/rule/record-search.ts';
import { isNumericText } from '../../expression/legacy/number.ts';
import { CannotConvert } from '../conversion.ts';
import { quoteText } from '../expression/quote.ts';
import type { NativeElement } from '../native-element.ts';
import { attributeSource, jsonataSource, type NativeSource } from '../map/native-source.ts';
import type { ComparedValue } from './compared-value.ts';

/** A condition of coreBOS on one field of the records that are looked for. */
export interface LegacyComparison {
  readonly module: ModuleDefinition;
  readonly field: string;
  /** `is`, `greater than`. */
  readonly operation: string;
  readonly value: ComparedValue;
  /** Told what differs. */
  readonly note: (message: string) => void;
}

const NUMBERS: ReadonlySet<FieldType> = new Set<FieldType>(['integer', 'number', 'currency']);
const TEXTS: ReadonlySet<FieldType> = new Set<FieldType>(['string', 'text', 'email', 'phone', 'url', 'picklist']);

const WITHIN_TEXT: ReadonlyMap<string, SearchOperator> = new Map<string, SearchOperator>([
  ['contains', 'contains'],
  ['does not contain', 'not-contains'],
  ['starts with', 'starts-with'],
  ['ends with', 'ends-with'],
]);

const ORDERS: ReadonlyMap<string, SearchOperator> = new Map<string, SearchOperator>([
  ['less than', 'less'],
  ['less than or equal to', 'at-most'],
  ['greater than', 'greater'],
  ['greater than or equal to', 'at-least'],
  ['before', 'less'],
  ['after', 'greater'],
]);

const EQUALITIES: ReadonlyMap<string, SearchOperator> = new Map<string, SearchOperator>([
  ['is', 'equal'],
  ['equal to', 'equal'],
  ['is not', 'not-equal'],
  ['does not equal', 'not-equal'],
]);

/** The condition in native words. Throws CannotConvert where they compare otherwise. */
export function convertComparison(given: LegacyComparison): NativeElement {
  const { operation } = given;
  const type = typeOf(given);
  if (operation === 'is empty' || operation === 'is not empty') return emptiness(given, type);
  const equality = EQUALITIES.get(operation);
  if (equality !== undefined) return equalityElement(given, type, equality);
  const order = ORDERS.get(operation);
  if (order !== undefined) return orderElement(given, type, order);
  const within = WITHIN_TEXT.get(operation);
  if (within === undefined || type === 'id' || !TEXTS.has(type))
    throw new CannotConvert(`native searches do not compare by "${operation}"`);
  return condition(given.field, within, sourceOf(given.value));
}

/** A `<condition>` of a search. */
export function condition(field: string, is: SearchOperator, source?: NativeSource): NativeElement {
  const { attributes = [], child, text } = source ?? {};
  return {
    name: 'condition',
    attributes: [['field', field], ['is', is], ...attributes],
    ...(child === undefined ? {} : { children: [child] }),
    ...(text === undefined ? {} : { text }),
  };
}

/** One of several must hold, or all. */
export function group(name: 'any' | 'all', children: readonly NativeElement[]): NativeElement {
  const [only, ...more] = children;
  return only !== undefined && more.length === 0 ? only : { name, children };
}

function typeOf({ module, field }: LegacyComparison): FieldType | 'id' {
  const found = module.fields.find(({ name }): boolean => name === field)?.type;
  if (found !== undefined) return found;
  if (field === 'id') return 'id';
  throw new CannotConvert(`${module.name} has no field ${field}`);
}

function sourceOf(value: ComparedValue): NativeSource {
  return value.kind === 'literal' ? attributeSource('value', value.text) : value.source;
}

/** What is 0 is empty in coreBOS, too. */
function emptiness({ field, operation }: LegacyComparison, type: FieldType | 'id'): NativeElement {
  const isEmpty = operation === 'is empty';
  if (type === 'boolean') return condition(field, isEmpty ? 'not-equal' : 'equal', attributeSource('value', 'true'));
  const plain = condition(field, isEmpty ? 'empty' : 'not-empty');
  if (type !== 'id' && !NUMBERS.has(type) && !TEXTS.has(type)) return plain;
  const zero = condition(field, isEmpty ? 'equal' : 'not-equal', attributeSource('value', '0'));
  return type === 'id' ? plain : group(isEmpty ? 'any' : 'all', [plain, zero]);
}

function equalityElement(given: LegacyComparison, type: FieldType | 'id', is: SearchOperator): NativeElement {
  const { field, value, note } = given;
  if (type === 'boolean') return checkboxElement(given, is);
  if (type === 'id' || type === 'reference' || type === 'owner') {
    if (value.kind === 'literal' ? /^\d+x\d+$/u.test(value.text) : value.isId)
      return condition(field, is, sourceOf(value));
    throw new CannotConvert(`coreBOS finds ${field} also by the bare number of a record`);
  }
  if (!NUMBERS.has(type) && !TEXTS.has(type) && type !== 'date') {
    throw new CannotConvert(`coreBOS compares the ${type} ${field} in a way of its own`);
  }
  if (NUMBERS.has(type) && value.kind === 'literal' && value.text !== '' && !isNumericText(value.text)) {
    throw new CannotConvert(`${field} is a number, and what it is compared with is none`);
  }
  const isText = TEXTS.has(type);
  if (isText && (value.kind === 'source' || isNumericText(value.text))) {
    note('texts are equal letter by letter; to coreBOS texts that are numbers are equal by their size, as 1 and 1.0');
  }
  return condition(field, is, sourceOf(value));
}

function checkboxElement({ field, value }: LegacyComparison, is: SearchOperator): NativeElement {
  const text = value.kind === 'literal' ? value.text : '';
  const isTicked = text === '1' || text === 'true:boolean';
  if (!isTicked && text !== '0' && text !== 'false:boolean') {
    throw new CannotConvert(`${field} is a checkbox, and what it is compared with is neither 1 nor 0`);
  }
  return condition(field, (is === 'equal') === isTicked ? 'equal' : 'not-equal', attributeSource('value', 'true'));
}

/** What is empty is less than everything in coreBOS; `before` and `after` leave it out. */
function orderElement(given: LegacyComparison, type: FieldType | 'id', is: SearchOperator): NativeElement {
  const { field, value, operation, note } = given;
  const isDay = type === 'date';
  const isNumber = type !== 'id' && NUMBERS.has(type);
  const isTimed = operation === 'before' || operation === 'after';
  const literal = value.kind === 'literal' ? value.text : undefined;
  const fits = literal === undefined || (isDay ? /^\d{4}-\d\d-\d\d$/u.test(literal) : isNumericText(literal));
  if (!fits || !(isDay || (isNumber && !isTimed))) {
    throw new CannotConvert(`coreBOS orders ${field} in a way of its own`);
  }
  if (literal === undefined)
    note(`a value that is no ${isDay ? 'day' : 'number'} is compared otherwise than in coreBOS`);
  const compared = condition(field, is, sourceOf(value));
  const letsEmpty = !isTimed && (is === 'less' || is === 'at-most');
  return letsEmpty ? group('any', [compared, condition(field, 'empty')]) : compared;
}

/** Several values, each to be equal, or none of them. */
export function convertChoices(given: LegacyComparison, isOneOf: boolean): NativeElement {
  const { field, value } = given;
  if (value.kind !== 'literal') throw new CannotConvert('what it is compared with is a list in one text');
  const values = value.text.split(',').map((one) => one.trim());
  const operation = isOneOf ? 'is' : 'is not';
  const all = values.map((text) => convertComparison({ ...given, operation, value: { kind: 'literal', text } }));
  if (!isOneOf || all.some(({ name }) => name !== 'condition')) return group(isOneOf ? 'any' : 'all', all);
  const isPlain = values.every((one) => /^\S+$/u.test(one));
  if (all.length === 1 || !isPlain) return all.length === 1 ? group('any', all) : listed(field, values);
  return condition(field, 'one-of', attributeSource('value', values.join(' ')));
}

function listed(field: string, values: readonly string[]): NativeElement {
  return condition(field, 'one-of', jsonataSource(`[${values.map(quoteText).join(', ')}]`));
}

/** The field of the module, by the name. */
export function fieldOf({ fields }: ModuleDefinition, name: string): FieldDefinition | undefined {
  return fields.find((field) => field.name === name);
}
