import type { DecisionCondition, DecisionSearch, RuleOutput } from '../../document/rule/rule.ts';
import { listOperation } from '../../catalog/rule/list-operation.ts';
import type { FieldType, ModuleDefinition } from '../../core/module.ts';
import { CannotConvert } from '../conversion.ts';
import { memberCode } from '../expression/quote.ts';
import { attributeSource, jsonataSource } from '../map/native-source.ts';
import { isPlainName } from '../map/replaced-text.ts';
import type { NativeElement } from '../native-element.ts';
import type { ComparedValue } from './compared-value.ts';
import { giftAttributes } from './found-gift.ts';
import type { RuleConversion } from './rule-conversion.ts';
import { condition, convertChoices, convertComparison, fieldOf, group } from './search-condition.ts';

/** By this word records leave a field open, and values are left out. */
const IGNORE = '__IGNORE__';

/** Of these types every value is ordered alike, here and there. */
const COUNTED: ReadonlySet<FieldType> = new Set(['integer', 'number', 'currency', 'date', 'time', 'datetime']);

/** The records of a module as a table. Throws CannotConvert. */
export function convertDecisionSearch(
  conversion: RuleConversion,
  at: string,
  { search, output }: { readonly search: DecisionSearch; readonly output: RuleOutput },
): NativeElement {
  const module = conversion.known.modules.get(search.module.value);
  if (module === undefined) throw new CannotConvert(`the module ${search.module.value} is not among the documents`);
  if (output === 'crmObject') throw new CannotConvert(`${at} gives whole records`);
  const gives = giftAttributes(conversion, at, { module, names: search.fields, isObject: output === 'Row' });
  const required = search.conditions.map((one) => requiredCondition(conversion, at, module, one));
  const open = search.searches.map((one) => openCondition(conversion, at, module, one));
  return {
    name: 'search',
    attributes: [['module', module.name], ...gives, ...orderAttribute(conversion, at, module, search)],
    children: [...required, ...open],
  };
}

function orderAttribute(
  conversion: RuleConversion,
  at: string,
  module: ModuleDefinition,
  { orderBy }: DecisionSearch,
): readonly (readonly [string, string])[] {
  const [field, direction = ''] = orderBy?.value.split(/\s+/u) ?? [];
  if (field === undefined) return [];
  const type = fieldOf(module, field)?.type;
  if (type === undefined) throw new CannotConvert(`${module.name} has no field ${field} to order by`);
  if (['reference', 'owner', 'boolean'].includes(type)) {
    throw new CannotConvert(`coreBOS orders by the ${type} ${field} in a way of its own`);
  }
  if (!COUNTED.has(type)) {
    const message = `${field} is ordered letter by letter; to coreBOS texts that are numbers are ordered by their size, 9 before 10`;
    conversion.note('changed', at, message, orderBy);
  }
  return [['order', `${direction.toLowerCase() === 'desc' ? '-' : ''}${field}`]];
}

/** A context value of the input's name, else the input itself. */
function requiredCondition(
  conversion: RuleConversion,
  at: string,
  module: ModuleDefinition,
  one: DecisionCondition,
): NativeElement {
  const { input } = one;
  const source = {
    attributes: [
      ['context', input],
      ['default', input],
    ] as const,
  };
  const value: ComparedValue = isPlainName(input)
    ? { kind: 'source', source, isId: false }
    : { kind: 'literal', text: input };
  return compared(conversion, at, { module, one, value });
}

/** One that is passed over without an input, and that records may leave open. */
function openCondition(
  conversion: RuleConversion,
  at: string,
  module: ModuleDefinition,
  one: DecisionCondition,
): NativeElement {
  const { input, field, preprocess } = one;
  if (preprocess !== undefined) throw new CannotConvert(`${at} prepares what it looks for by an expression`);
  const code = isPlainName(input) ? memberCode('context', input) : undefined;
  if (code === undefined) throw new CannotConvert(`native documents cannot say the input "${input}"`);
  const source = jsonataSource(`${code} = '${IGNORE}' ? '' : ${code}`);
  const value: ComparedValue = { kind: 'source', source, isId: false };
  const closed = compared(conversion, at, { module, one, value });
  if (closed.name !== 'condition') throw new CannotConvert(`${at} compares ${field.value} in a way of its own`);
  conversion.note(
    'changed',
    at,
    `an empty ${input} leaves ${field.value} open, too; coreBOS looks for what is empty`,
    field,
  );
  const open = condition(field.value, 'equal', attributeSource('value', IGNORE));
  return group('any', [{ ...closed, attributes: [...(closed.attributes ?? []), ['when-empty', 'hold']] }, open]);
}

function compared(
  conversion: RuleConversion,
  at: string,
  params: { readonly module: ModuleDefinition; readonly one: DecisionCondition; readonly value: ComparedValue },
): NativeElement {
  const { module, one, value } = params;
  const operation = listOperation(one.operation.value);
  if (operation === undefined) throw new CannotConvert(`there is no comparison ${one.operation.value}`);
  const field = one.field.value;
  const note = (message: string): void => conversion.note('changed', at, message, one.field);
  const given = { module, field, operation, value, note };
  const name = one.operation.value.toLowerCase();
  return name === 'i' || name === 'ni' ? convertChoices(given, name === 'i') : convertComparison(given);
}
