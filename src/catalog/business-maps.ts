import type { InformationMapDocument } from '../document/information-map/information-map.ts';
import type { MappingDocument } from '../document/mapping/mapping.ts';
import type { RecordSetDocument } from '../document/record-set/record-set.ts';
import type { RuleDocument } from '../document/rule/rule.ts';
import { compileEach } from './compile-each.ts';
import type { CompileContext } from './compile-context.ts';
import { type CompiledMapping, compileMapping } from './mapping/compile-mapping.ts';
import { type CompiledRecordSet, compileRecordSet } from './record-set/compile-record-set.ts';
import { compileRule } from './rule/compile-rule.ts';
import type { CompiledRule } from './rule/compiled-rule.ts';
import type { WorkflowNames } from './task/task-place.ts';

/** The business maps of coreBOS besides those that call: what workflows and maps lean on, by name. */
export interface BusinessMaps {
  readonly rules: ReadonlyMap<string, CompiledRule>;
  readonly mappings: ReadonlyMap<string, CompiledMapping>;
  readonly recordSets: ReadonlyMap<string, CompiledRecordSet>;
  readonly informationMaps: ReadonlyMap<string, InformationMapDocument>;
}

/** The documents that business maps are compiled from. */
export interface BusinessMapDocuments {
  readonly rules: readonly RuleDocument[];
  readonly mappings: readonly MappingDocument[];
  readonly recordSets: readonly RecordSetDocument[];
  readonly informationMaps: readonly InformationMapDocument[];
}

/** Compiles all of them; those with errors are left out after their problems were reported. */
export function compileBusinessMaps(context: CompileContext, documents: BusinessMapDocuments): BusinessMaps {
  return {
    rules: compileEach(documents.rules, (rule) => compileRule(context, rule)),
    mappings: compileEach(documents.mappings, (mapping) => compileMapping(context, mapping)),
    recordSets: compileEach(documents.recordSets, (set) => compileRecordSet(context, set)),
    informationMaps: byName(documents.informationMaps),
  };
}

/** The names by which tasks of workflows reach them, also of those that have errors of their own. */
export function businessMapNames(
  { rules, mappings, recordSets }: BusinessMapDocuments,
  compiled: BusinessMaps,
): Pick<WorkflowNames, 'mappings' | 'knownMappings' | 'recordChoices'> {
  const queries = rules.filter(({ form }) => form === 'condition-query');
  return {
    mappings: compiled.mappings,
    knownMappings: byName(mappings),
    recordChoices: byName<RecordSetDocument | RuleDocument>([...recordSets, ...queries]),
  };
}

function byName<D extends { readonly name: string }>(documents: readonly D[]): Map<string, D> {
  return new Map(documents.map((document) => [document.name, document]));
}
