import type { LegacyModule, LegacyRow } from '../services.ts';
import type { LegacyValue } from '../value.ts';
import { type OwnRecord, textOf } from './argument.ts';
import type { FunctionScope } from './function.ts';
import { matchRowConditions } from './row-condition.ts';

/** Which related records are asked for. */
export interface RelatedSearch {
  readonly of: OwnRecord;
  readonly module: LegacyModule;
  /** `[field,op,value,glue],[..]` */
  readonly conditions?: LegacyValue | undefined;
  readonly equal?: Readonly<Record<string, string>>;
}

/** The records of a module that are linked with a record, or with a reference to it, in the order of their numbers. */
export async function relatedRows(search: RelatedSearch, scope: FunctionScope): Promise<readonly LegacyRow[]> {
  const { of, module, equal = {} } = search;
  const { records } = scope.environment.services;
  const found = records.find({ module: module.name, conditions: [], equal, relatedTo: of.id });
  return matchRowConditions(await scope.guard.waitFor(found), textOf(search.conditions), scope);
}
