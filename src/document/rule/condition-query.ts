import type { Located, SourceText } from '../../core/diagnostic.ts';
import { sliceSource, trimSource } from '../../xml/source-text.ts';
import { readLegacyHead } from '../corebos/document-head.ts';
import { openLegacy, type LegacyElement } from '../corebos/legacy-element.ts';
import type { Place } from '../place.ts';
import type { ConditionQuery, LegacyQuery } from './rule.ts';

const MAP = { children: ['sql', 'module', 'fields', 'conditions', 'return'] } as const;

/** A condition query; undefined when it cannot be asked (COREBOS_SETTING_MISSING). With both, the SQL counts. */
export function readConditionQuery(place: Place): ConditionQuery | undefined {
  const open = openLegacy(place, MAP);
  const head = readLegacyHead(place);
  const returns = open.filled('return');
  if (returns === undefined) tellMissing(place, 'return', 'say what is given: count, recordset, or a field');
  const query = readQuery(open, returns);
  if (head === undefined || query === undefined) return undefined;
  return { kind: 'rule', dialect: 'corebos', form: 'condition-query', ...head, module: undefined, query };
}

function readQuery(open: LegacyElement, returns: Located<string> | undefined): LegacyQuery | undefined {
  const sql = open.filled('sql');
  if (sql !== undefined) return returns && { kind: 'sql', text: sql, returns };
  const module = open.filled('module');
  const conditions = open.filled('conditions');
  if (module === undefined) tellMissing(open.at, 'module', 'say in which module: <module>Accounts</module>');
  if (conditions === undefined) {
    tellMissing(open.at, 'conditions', 'write the conditions as JSON; [] finds every record');
  }
  const fields = open.filled('fields');
  if (module === undefined || conditions === undefined || returns === undefined) return undefined;
  return { kind: 'conditions', module, fields: fields === undefined ? [] : splitNames(fields), conditions, returns };
}

function tellMissing(place: Place, name: string, hint: string): void {
  place.error('COREBOS_SETTING_MISSING', `the map has no ${name}`, hint);
}

/** Names that commas separate. */
export function splitNames(list: SourceText): Located<string>[] {
  return [...list.value.matchAll(/[^,]+/gu)]
    .map((match) => trimSource(sliceSource(list, match.index, match.index + match[0].length)))
    .filter(({ value }) => value !== '');
}
