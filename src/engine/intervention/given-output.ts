import type { CompiledTask, CompiledWorkflow } from '../../catalog/compiled-workflow.ts';

/** An output of a task's map that a person may give in the place of the answer. */
export interface GivenOutput {
  readonly name: string;
  readonly kind: 'field' | 'context';
  readonly isSensitive: boolean;
}

/** What the answer of this task is read for. */
export function outputsOf(task: CompiledTask): readonly GivenOutput[] {
  if (task.kind !== 'webservice') return [];
  return task.map.outputs.flatMap(({ document }): GivenOutput[] => {
    const { field, context } = document;
    if (field !== undefined) return [{ name: field.value, kind: 'field', isSensitive: false }];
    return context === undefined ? [] : [{ name: context.value, kind: 'context', isSensitive: document.sensitive }];
  });
}

/** The output that writes this field or context key. */
export function outputNamed(task: CompiledTask, name: string): GivenOutput | undefined {
  return outputsOf(task).find((output) => output.name === name);
}

/** Context keys that a task of the workflow fills with what is not to be shown: given by hand it is no less so. */
export function sensitiveKeysOf({ tasks }: CompiledWorkflow): ReadonlySet<string> {
  const outputs = [...tasks.values()].flatMap(outputsOf);
  return new Set(outputs.filter(({ kind, isSensitive }) => kind === 'context' && isSensitive).map(({ name }) => name));
}
