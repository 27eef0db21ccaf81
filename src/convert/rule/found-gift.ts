import type { Located } from '../../core/diagnostic.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { TEXT_TYPES } from '../../core/module.ts';
import { CannotConvert } from '../conversion.ts';
import type { RuleConversion } from './rule-conversion.ts';
import { fieldOf } from './search-condition.ts';

type Attributes = readonly (readonly [name: string, value: string])[];

/** What found records give: the attributes that say it. Throws CannotConvert for a field that there is not. */
export function giftAttributes(
  conversion: RuleConversion,
  at: string,
  given: { readonly module: ModuleDefinition; readonly names: readonly Located<string>[]; readonly isObject: boolean },
): Attributes {
  const { module, names, isObject } = given;
  const written = names.map((name) => nameOf(module, name.value));
  for (const [index, name] of written.entries()) noteType(conversion, at, { module, name, where: names[index] });
  if (isObject) return [['fields', written.join(' ')]];
  const [first = 'id'] = written;
  return first === 'id' ? [] : [['field', first]];
}

/** The names by which coreBOS knows the number of a record. */
const ID_NAMES: ReadonlySet<string> = new Set(['id', 'record_id', 'crmid']);
const TIMES: ReadonlySet<string> = new Set(['createdtime', 'modifiedtime']);

function nameOf(module: ModuleDefinition, name: string): string {
  if (ID_NAMES.has(name)) return 'id';
  if (fieldOf(module, name) !== undefined || TIMES.has(name)) return name;
  throw new CannotConvert(`${module.name} has no field ${name}`);
}

interface GivenField {
  readonly module: ModuleDefinition;
  readonly name: string;
  readonly where: Located<string> | undefined;
}

function noteType(conversion: RuleConversion, at: string, { module, name, where }: GivenField): void {
  const type = name === 'id' ? 'reference' : (fieldOf(module, name)?.type ?? 'datetime');
  if (TEXT_TYPES.has(type)) return;
  if (conversion.options.keepTypes) throw new CannotConvert(`${name} would have another type than in coreBOS`);
  if (type === 'reference' || type === 'owner') {
    conversion.note('changed', at, `${name} is a whole id, 11x74; coreBOS gives the number 74`, where);
    return;
  }
  conversion.note('type', at, `${name} is ${TYPED[type] ?? 'null when it is empty'}; coreBOS gives text`, where);
}

const TYPED: Readonly<Record<string, string>> = {
  integer: 'a number, null when it is empty',
  number: 'a number, null when it is empty',
  currency: 'a number, null when it is empty',
  boolean: 'true or false',
  datetime: 'of the form 2025-03-14T10:20:30Z',
};
