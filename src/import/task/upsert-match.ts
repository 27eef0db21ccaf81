import type { RecordSearch } from '../../document/rule/record-search.ts';
import type { RuleDocument } from '../../document/rule/rule.ts';
import type { LegacyCondition } from '../../expression/legacy/condition.ts';
import { parseLegacyConditions } from '../../expression/legacy/condition/read-conditions.ts';

const EQUAL: ReadonlySet<string> = new Set(['is', 'equal to']);

/**
 * The fields by which a rule finds the record that is to be updated: those of a condition query, when every one is compared
 * for equality with the value that the task sets for it. Undefined for any other rule.
 */
export function matchOf(rule: RuleDocument | undefined, set: readonly string[]): readonly string[] | undefined {
  const names = rule?.form === 'condition-query' ? comparedFields(rule.query) : undefined;
  return names !== undefined && names.length > 0 && names.every((name) => set.includes(name)) ? names : undefined;
}

type Query = Extract<RuleDocument, { readonly form: 'condition-query' }>['query'];

function comparedFields(query: Query): string[] | undefined {
  if (query.kind === 'sql') return sqlFields(query.text.value);
  if (query.kind === 'search') return searchedFields(query.search);
  const read = parseLegacyConditions(query.conditions.value);
  if (!read.ok) return undefined;
  const conditions = read.value.map(({ condition }) => condition);
  return conditions.every(comparesOwnValue) ? conditions.map(({ fieldname }) => fieldname) : undefined;
}

/** Native: every field is equal to the value of its name. */
function searchedFields({ condition, legacy }: RecordSearch): string[] | undefined {
  const fields = condition.parts.map((part) => {
    const source = part.kind === 'compare' && part.is === 'equal' ? part.value?.source : undefined;
    const isOwn = source?.kind === 'context' && part.kind === 'compare' && source.name.value === part.field.value;
    return isOwn ? part.field.value : undefined;
  });
  return legacy === undefined && fields.every((field) => field !== undefined) ? fields : undefined;
}

/** `shopifyid` is `$[shopifyid]`, or is `getFromContext('shopifyid')`; `or` joins nothing. */
function comparesOwnValue({ fieldname, operation, value, joincondition, groupjoin }: LegacyCondition): boolean {
  const read = (value ?? '').replaceAll(/getFromContext|\W/gu, '');
  return EQUAL.has(operation) && read === fieldname && joincondition !== 'or' && groupjoin !== 'or';
}

/** `... where deleted=0 and shopifyid='$[shopifyid]'`: the one column that is compared with a value of the task. */
function sqlFields(text: string): string[] | undefined {
  const compared = [...text.matchAll(/(?:\w+\.)?(\w+)\s*=\s*'?\$\[(\w+)\]'?/gu)];
  const [only] = compared;
  return compared.length === 1 && only?.[1] === only?.[2] && !/\sor\s/iu.test(text) ? [only?.[1] ?? ''] : undefined;
}
