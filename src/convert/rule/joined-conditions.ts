import type { ModuleDefinition } from '../../core/module.ts';
import type { LegacyCondition } from '../../expression/legacy/condition.ts';
import { readFieldPath } from '../../expression/legacy/condition/field-path.ts';
import { rawValue } from '../../expression/legacy/condition/raw-value.ts';
import { CannotConvert } from '../conversion.ts';
import type { NativeElement } from '../native-element.ts';
import { comparedValue } from './compared-value.ts';
import { convertComparison } from './search-condition.ts';

type Join = 'and' | 'or';

/** Conditions of coreBOS, joined from left to right in their groups and the groups likewise, as elements that must all hold. */
export function joinConditions(
  conditions: readonly LegacyCondition[],
  module: ModuleDefinition,
  note: (message: string) => void,
): readonly NativeElement[] {
  let result: NativeElement | undefined;
  for (const group of groupsOf(conditions)) {
    let inGroup: NativeElement | undefined;
    let before: Join = 'and';
    for (const condition of group) {
      inGroup = joined(inGroup, before, convertCondition(condition, module, note));
      before = joinOf(condition.joincondition);
    }
    if (inGroup !== undefined) result = joined(result, joinOf(group.at(-1)?.groupjoin), inGroup);
  }
  if (result === undefined) return [];
  return result.name === 'all' ? (result.children ?? []) : [result];
}

function groupsOf(conditions: readonly LegacyCondition[]): readonly (readonly LegacyCondition[])[] {
  const groups = new Map<string, LegacyCondition[]>();
  for (const condition of conditions) {
    const id = condition.groupid === undefined || condition.groupid === '' ? '0' : condition.groupid;
    groups.set(id, [...(groups.get(id) ?? []), condition]);
  }
  return [...groups.values()];
}

function joinOf(written: string | undefined): Join {
  return written?.toLowerCase() === 'or' ? 'or' : 'and';
}

function joined(before: NativeElement | undefined, join: Join, next: NativeElement): NativeElement {
  if (before === undefined) return next;
  const name = join === 'or' ? 'any' : 'all';
  const [first, second] = [before, next].map((one) => (one.name === name ? (one.children ?? []) : [one]));
  return { name, children: [...(first ?? []), ...(second ?? [])] };
}

function convertCondition(
  { fieldname, operation, value, valuetype }: LegacyCondition,
  module: ModuleDefinition,
  note: (message: string) => void,
): NativeElement {
  const path = readFieldPath(fieldname);
  if (path.kind !== 'own') throw new CannotConvert('native searches look at fields of the records themselves');
  const isCompared = operation !== 'is empty' && operation !== 'is not empty';
  if (isCompared && valuetype !== 'rawtext')
    throw new CannotConvert('one compares with another field or an expression');
  return convertComparison({ module, field: path.field, operation, value: comparedValue(rawValue(value)), note });
}
