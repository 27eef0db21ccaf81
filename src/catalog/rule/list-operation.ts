import { didYouMean } from '../../core/suggestion.ts';
import type { DecisionCondition } from '../../document/rule/rule.ts';
import type { LegacyCondition, LegacyOperation } from '../../expression/legacy/condition.ts';
import { type CompileContext, report } from '../compile-context.ts';

/** The comparisons of lists and filters in coreBOS, and the condition each is. */
const OPERATIONS: Readonly<Record<string, LegacyOperation>> = {
  e: 'is',
  n: 'is not',
  s: 'starts with',
  ew: 'ends with',
  c: 'contains',
  k: 'does not contain',
  dnsw: 'does not start with',
  dnew: 'does not end with',
  l: 'less than',
  g: 'greater than',
  m: 'less than or equal to',
  h: 'greater than or equal to',
  b: 'before',
  a: 'after',
  bw: 'between',
  y: 'is empty',
  ny: 'is not empty',
  i: 'is',
  ni: 'is not',
};

/** Comparisons whose value is a list that commas separate. */
const OF_LISTS: ReadonlySet<string> = new Set(['i', 'ni']);

/** The condition that a comparison of lists is; undefined when there is none of this name. */
export function listOperation(name: string): LegacyOperation | undefined {
  const known = name.toLowerCase();
  return Object.hasOwn(OPERATIONS, known) ? OPERATIONS[known] : undefined;
}

/** Reports COREBOS_OPERATION_UNKNOWN; a table that cannot search as it says must not decide anything. */
export function checkListOperation(context: CompileContext, file: string, { operation }: DecisionCondition): void {
  const name = operation.value.toLowerCase();
  if (Object.hasOwn(OPERATIONS, name)) return;
  const known = Object.keys(OPERATIONS);
  report(context, {
    code: 'COREBOS_OPERATION_UNKNOWN',
    message: `there is no comparison "${operation.value.slice(0, 40)}"`,
    hint: didYouMean(name, known) ?? `there are: ${known.join(' ')}`,
    file,
    range: operation.range,
  });
}

/** One comparison as a group of conditions; `open` is joined to it by "or". */
export function listCondition(params: {
  readonly field: string;
  readonly operation: string;
  readonly value: string;
  readonly group: number;
  readonly open?: Pick<LegacyCondition, 'operation' | 'value'>;
}): LegacyCondition[] {
  const { field, value, group, open } = params;
  const name = params.operation.toLowerCase();
  const operation = OPERATIONS[name] ?? 'is';
  const values = OF_LISTS.has(name) ? value.split(',').map((one) => one.trim()) : [value];
  const joincondition = name === 'ni' ? 'and' : 'or';
  const common = { fieldname: field, valuetype: 'rawtext', groupid: String(group), groupjoin: 'and' } as const;
  const conditions = values.map((one): LegacyCondition => ({ ...common, operation, value: one, joincondition }));
  const last = conditions.pop();
  return [
    ...conditions,
    ...(last === undefined ? [] : [{ ...last, joincondition: 'or' }]),
    ...(open === undefined ? [] : [{ ...common, ...open, joincondition: 'and' }]),
  ];
}
