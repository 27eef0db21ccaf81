import type { Located, SourceText } from '../../core/diagnostic.ts';
import type { LegacyCondition } from '../../expression/legacy/condition.ts';
import { type GivenValues, givenRecordId } from '../../expression/legacy/given-values.ts';
import { fillText } from '../../expression/legacy/value-placeholder.ts';
import { type CompileContext, report } from '../compile-context.ts';
import type { RecordQuery } from './condition-query.ts';
import { checkSearchNames } from './found-record.ts';
import { SqlReader, type SqlCondition, type SqlSelect, UnreadableSql } from './sql-reader.ts';

const HINT =
  'simple selects are read: SELECT fields FROM module WHERE field = value AND ...; write others as <module> and <conditions>';

/**
 * A select as a search for records. SQL is never sent to the database: what is no simple select on the fields of one
 * module is refused (RULE_SQL_REFUSED), with the place at which it stops being one.
 */
export function compileSqlSelect(context: CompileContext, file: string, text: SourceText): RecordQuery | undefined {
  const select = readSelect(context, file, text);
  if (select === undefined) return undefined;
  const named = (token: { readonly name: string; readonly offset: number }): Located<string> => {
    const [start, end] = [text.positionAt(token.offset), text.positionAt(token.offset + token.name.length)];
    return { value: token.name, range: { start, end } };
  };
  const all = [...select.fields, ...select.conditions.map(({ field }) => field)];
  checkSearchNames(context, file, { module: named(select.module), fields: all.map(named) });
  const fields = select.fields.map(({ name }) => name);
  return {
    module: select.module.name,
    fields: fields.length === 0 ? ['id'] : fields,
    search(given) {
      const conditions = select.conditions.map((condition) => conditionOf(condition, given));
      const exact = conditions.filter(isExactId);
      return {
        conditions: conditions.filter((one) => !isExactId(one)),
        equal: Object.fromEntries(exact.map(({ fieldname, value }) => [fieldname, value ?? ''])),
      };
    },
  };
}

function readSelect(context: CompileContext, file: string, text: SourceText): SqlSelect | undefined {
  try {
    return new SqlReader(text.value, context.modules).select();
  } catch (thrown) {
    if (!(thrown instanceof UnreadableSql)) throw thrown;
    const { offset, length } = thrown;
    report(context, {
      code: 'RULE_SQL_REFUSED',
      message: `this SQL is not read: ${thrown.message}`,
      hint: HINT,
      file,
      range: { start: text.positionAt(offset), end: text.positionAt(offset + Math.max(1, length)) },
    });
    return undefined;
  }
}

/** A record is looked for by its id, not looked through. */
function isExactId({ fieldname, operation }: LegacyCondition): boolean {
  return fieldname === 'id' && operation === 'is';
}

/** `?` is the record that the rule is asked for. */
function conditionOf({ field, operation, value }: SqlCondition, given: GivenValues): LegacyCondition {
  const written = value === '?' ? (givenRecordId(given.values, given.services) ?? '') : fillText(value, given.values);
  return { fieldname: field.name, operation, value: written, valuetype: 'rawtext', joincondition: 'and', groupid: '0' };
}
