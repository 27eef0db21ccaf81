import type { Located } from '../../core/diagnostic.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { MappingDocument } from '../../document/mapping/mapping.ts';
import { fieldProblem } from '../check-names.ts';
import { report, resolve } from '../compile-context.ts';
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import type { TaskPlace } from './task-place.ts';

/** The mapping that a task names; undefined when there is none, or after its problems were reported. */
export function compileTaskMapping(
  place: TaskPlace,
  params: {
    readonly mapping: Located<string> | undefined;
    /** The module whose records the task writes. */
    readonly module: ModuleDefinition | undefined;
    /** True when rows of a list are mapped instead of the workflow's record. */
    readonly ofRows: boolean;
  },
): CompiledMapping | undefined {
  const { context, file, names } = place;
  const { mapping: name, module } = params;
  if (name === undefined) return undefined;
  const among = names.knownMappings;
  resolve(context, { file, name, among, code: 'MAPPING_UNKNOWN', what: 'mapping' });
  const mapping = names.mappings.get(name.value);
  if (mapping?.document.dialect === 'native') checkModules(place, name, mapping.document, params);
  for (const target of mapping?.targets ?? []) {
    const problem = fieldProblem(context, module, [target]);
    if (problem === undefined) continue;
    const message = `the mapping "${name.value}" fills "${target}": ${problem.message}`;
    report(context, { ...problem, message, severity: 'warning', file, range: name.range });
  }
  return mapping;
}

/** Warns of a mapping that is made for records of another module than those it gets, or fills. */
function checkModules(
  { context, file, module: own }: TaskPlace,
  name: Located<string>,
  { from, to }: MappingDocument,
  { module, ofRows }: { readonly module: ModuleDefinition | undefined; readonly ofRows: boolean },
): void {
  const pairs = [
    [ofRows ? undefined : own, from?.value, 'maps', 'the workflow runs on'],
    [module, to?.value, 'fills', 'the task writes'],
  ] as const;
  for (const [given, wanted, does, here] of pairs) {
    if (given === undefined || wanted === undefined || given.name === wanted) continue;
    report(context, {
      code: 'MAPPING_MODULE',
      message: `the mapping "${name.value}" ${does} ${wanted}, and ${here} ${given.name}`,
      hint: 'name another mapping, or correct its from and to',
      severity: 'warning',
      file,
      range: name.range,
    });
  }
}
