import type { Located, SourceText } from '../../core/diagnostic.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { SqlReader, UnreadableSql } from '../../catalog/rule/sql-reader.ts';
import type { ConditionQuery, LegacyQuery } from '../../document/rule/rule.ts';
import { parseLegacyConditions } from '../../expression/legacy/condition/read-conditions.ts';
import { CannotConvert } from '../conversion.ts';
import type { NativeElement } from '../native-element.ts';
import { ASKED_ID, comparedValue } from './compared-value.ts';
import { giftAttributes } from './found-gift.ts';
import { joinConditions } from './joined-conditions.ts';
import type { RuleConversion } from './rule-conversion.ts';
import { convertComparison } from './search-condition.ts';

/** Where a query looks, and by what. */
interface ConvertedSearch {
  readonly module: ModuleDefinition;
  readonly fields: readonly Located<string>[];
  readonly conditions: readonly NativeElement[];
}

/** What a condition query becomes, without its name. Throws CannotConvert. */
export function convertConditionQuery(
  conversion: RuleConversion,
  { query }: ConditionQuery,
): Pick<NativeElement, 'attributes' | 'children'> {
  if (query.kind === 'search') throw new CannotConvert('it is native already');
  const search = query.kind === 'sql' ? ofSql(conversion, query) : ofConditions(conversion, query);
  const { module, fields, conditions } = search;
  const what = query.returns.value.toLowerCase();
  const isObject = what === 'recordset';
  const names = isObject ? (fields.length === 0 ? [{ ...query.returns, value: 'id' }] : fields) : [query.returns];
  const gives = what === 'count' ? [] : giftAttributes(conversion, 'search', { module, names, isObject });
  const give = what === 'count' ? [['give', 'count'] as const] : isObject ? [['give', 'all'] as const] : [];
  const element: NativeElement = {
    name: 'search',
    attributes: [['module', module.name], ...give, ...gives],
    children: conditions,
  };
  // A field of no record is false in coreBOS.
  const otherwise: NativeElement = { name: 'otherwise', attributes: [['jsonata', 'false']] };
  return { children: give.length > 0 ? [element] : [element, otherwise] };
}

function moduleOf({ known }: RuleConversion, name: string): ModuleDefinition {
  const module = known.modules.get(name);
  if (module === undefined) throw new CannotConvert(`the module ${name} is not among the documents`);
  return module;
}

function ofConditions(
  conversion: RuleConversion,
  { module: name, fields, conditions: text }: Extract<LegacyQuery, { kind: 'conditions' }>,
): ConvertedSearch {
  const module = moduleOf(conversion, name.value);
  return { module, fields, conditions: convertConditions(conversion, module, text) };
}

/** The conditions in native words, or all of them as they are: they are joined from left to right. */
function convertConditions(
  conversion: RuleConversion,
  module: ModuleDefinition,
  text: SourceText,
): readonly NativeElement[] {
  const read = parseLegacyConditions(text.value);
  if (!read.ok) throw new CannotConvert('its conditions cannot be read');
  const told: string[] = [];
  try {
    const joined = joinConditions(
      read.value.map(({ condition }) => condition),
      module,
      (message) => void told.push(message),
    );
    noteAsked(conversion, text);
    for (const message of told) conversion.note('changed', 'search', message, text);
    return joined;
  } catch (thrown) {
    if (!(thrown instanceof CannotConvert)) throw thrown;
    conversion.note('kept', 'search', `its conditions stay as they are: ${thrown.message}`, text);
    return [{ name: 'legacy-conditions', text: text.value }];
  }
}

/** Whatever is not given makes the rule fail, where coreBOS compares with the text `$[name]`. */
function noteAsked(conversion: RuleConversion, text: SourceText): void {
  for (const [, name = ''] of text.value.matchAll(/\$\[([^\]]*)\]/gu)) {
    const message = `asked without ${name} it fails; coreBOS compares with the text $[${name}]`;
    conversion.note('changed', 'search', message, text);
  }
}

function ofSql(conversion: RuleConversion, { text }: Extract<LegacyQuery, { kind: 'sql' }>): ConvertedSearch {
  const select = readSql(conversion, text);
  const module = moduleOf(conversion, select.module.name);
  const note = (message: string): void => conversion.note('changed', 'search', message, text);
  const conditions = select.conditions.map(({ field, operation, value: written }) => {
    const value = written === '?' ? ASKED_ID : comparedValue(written);
    return convertComparison({ module, field: field.name, operation, value, note });
  });
  noteAsked(conversion, text);
  return { module, fields: select.fields.map(({ name }) => ({ value: name, range: text.range })), conditions };
}

function readSql({ known }: RuleConversion, text: SourceText) {
  try {
    return new SqlReader(text.value, known.modules).select();
  } catch (thrown) {
    if (thrown instanceof UnreadableSql) throw new CannotConvert(`its SQL is not read: ${thrown.message}`);
    throw thrown;
  }
}
