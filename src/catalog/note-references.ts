import type { ModuleDocument } from '../document/module.ts';
import type { CompileContext } from './compile-context.ts';

/** Notes which modules the fields of modules point at: who takes one along takes those along. */
export function noteReferences({ modules, uses }: CompileContext, documents: readonly ModuleDocument[]): void {
  if (uses === undefined) return;
  for (const { name, file, nameAt, definition } of documents) {
    for (const target of definition.fields.flatMap(({ references = [] }) => references)) {
      if (target === name || !modules.has(target)) continue;
      uses.note({ kind: 'module', name: target, file, offset: nameAt.range.start.offset });
    }
  }
}
