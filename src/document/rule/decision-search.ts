import { openLegacy } from '../corebos/legacy-element.ts';
import type { Place } from '../place.ts';
import { splitNames } from './condition-query.ts';
import type { DecisionCondition, DecisionSearch } from './rule.ts';

const TABLE = { children: ['module', 'conditions', 'orderby', 'searches', 'output'] } as const;
const CONDITIONS = { children: ['condition'], many: ['condition'] } as const;
const SEARCHES = { children: ['search'], many: ['search'] } as const;
const CONDITION = { children: ['input', 'operation', 'field', 'preprocess'] } as const;

/** The search of one rule; undefined when it says not where to look or what to give (COREBOS_SETTING_MISSING). */
export function readDecisionSearch(place: Place): DecisionSearch | undefined {
  const open = openLegacy(place, TABLE);
  const module = open.filled('module');
  const output = open.filled('output');
  const conditions = open.child('conditions');
  const searches = open.child('searches');
  const inSearches = searches === undefined ? [] : openLegacy(searches, SEARCHES).children;
  if (module === undefined) place.error('COREBOS_SETTING_MISSING', 'the table has no module', 'add <module>');
  if (output === undefined) {
    place.error('COREBOS_SETTING_MISSING', 'the table has no output', 'name the field whose value is given: <output>');
  }
  const found = {
    conditions: conditions === undefined ? [] : readConditions(conditions),
    searches: inSearches.flatMap(readConditions),
  };
  if (module === undefined || output === undefined) return undefined;
  return { kind: 'search', module, ...found, orderBy: open.filled('orderby'), fields: splitNames(output) };
}

function readConditions(place: Place): DecisionCondition[] {
  return openLegacy(place, CONDITIONS).children.flatMap((condition) => {
    const open = openLegacy(condition, CONDITION);
    const field = open.filled('field');
    const operation = open.filled('operation');
    if (field === undefined || operation === undefined) {
      condition.error('COREBOS_SETTING_MISSING', 'a condition needs a field and an operation');
      return [];
    }
    const input = open.child('input')?.element.text().value.trim() ?? '';
    return [{ input, preprocess: open.filled('preprocess'), operation, field }];
  });
}
