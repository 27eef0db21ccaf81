import type { Located } from '../../core/diagnostic.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { fieldProblem } from '../check-names.ts';
import { report, resolve } from '../compile-context.ts';
import type { CompiledMapping } from '../mapping/compile-mapping.ts';
import type { TaskPlace } from './task-place.ts';

/** The mapping that a task names; undefined when there is none, or after its problems were reported. */
export function compileTaskMapping(
  place: TaskPlace,
  params: { readonly mapping: Located<string> | undefined; readonly module: ModuleDefinition | undefined },
): CompiledMapping | undefined {
  const { context, file, names } = place;
  const { mapping: name, module } = params;
  if (name === undefined) return undefined;
  const among = names.knownMappings;
  resolve(context, { file, name, among, code: 'MAPPING_UNKNOWN', what: 'mapping' });
  const mapping = names.mappings.get(name.value);
  for (const target of mapping?.targets ?? []) {
    const problem = fieldProblem(context, module, [target]);
    if (problem === undefined) continue;
    const message = `the mapping "${name.value}" fills "${target}": ${problem.message}`;
    report(context, { ...problem, message, severity: 'warning', file, range: name.range });
  }
  return mapping;
}
