import { type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { ChangeKind } from '../core/record.ts';
import type { Document } from '../document/document.ts';
import { checkDuplicates } from './check-duplicates.ts';
import type { CompileContext, StoredNames } from './compile-context.ts';
import { compileMap } from './compile-map.ts';
import { compileService } from './compile-service.ts';
import { compileTriggers, compileWorkflow } from './compile-workflow.ts';
import type { CompiledMap } from './compiled-map.ts';
import type { CompiledService } from './compiled-service.ts';
import type { CompiledTrigger, CompiledWorkflow } from './compiled-workflow.ts';

export type { StoredNames } from './compile-context.ts';

/** One revision of all documents, ready to run. */
export interface Catalog {
  readonly revision: number;
  readonly modules: ReadonlyMap<string, ModuleDefinition>;
  readonly services: ReadonlyMap<string, CompiledService>;
  readonly maps: ReadonlyMap<string, CompiledMap>;
  readonly workflows: ReadonlyMap<string, CompiledWorkflow>;
  /** The triggers that a change of this kind in this module may fire, in document order. */
  triggersOf(module: string, kind: ChangeKind): readonly CompiledTrigger[];
}

export interface CompiledCatalog {
  readonly catalog: Catalog;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Resolves every name and compiles every text of one set of documents. Never throws; a document with errors is left out.
 * @param stored what is set in the install, to warn of what is not
 */
export function compileCatalog(
  documents: readonly Document[],
  revision: number,
  stored?: StoredNames,
): CompiledCatalog {
  const of = <K extends Document['kind']>(kind: K): Extract<Document, { kind: K }>[] =>
    documents.filter((document): document is Extract<Document, { kind: K }> => document.kind === kind);
  const context: CompileContext = {
    diagnostics: [],
    modules: new Map(of('module').map(({ definition }) => [definition.name, definition])),
    writtenContextKeys: new Set(
      of('map').flatMap((map) => map.response.outputs.flatMap((output) => output.context?.value.split('.')[0] ?? [])),
    ),
    stored,
  };
  checkDuplicates(context, documents);
  const services = compileEach(of('service'), (service) => compileService(context, service));
  const maps = compileEach(of('map'), (map) => compileMap(context, map, services));
  const knownMaps = new Map(of('map').map((map) => [map.name, map]));
  const workflows = compileEach(of('workflow'), (workflow) =>
    compileWorkflow(context, workflow, { maps, knownMaps, services }),
  );
  const triggersOf = indexTriggers(
    [...workflows.values()].map((workflow) => ({
      workflow,
      triggers: compileTriggers(context, workflow.document, workflow.module),
    })),
  );
  return {
    catalog: { revision, modules: context.modules, services, maps, workflows, triggersOf },
    diagnostics: sortDiagnostics(context.diagnostics),
  };
}

function compileEach<D extends { readonly name: string }, C>(
  documents: readonly D[],
  compile: (document: D) => C | undefined,
): Map<string, C> {
  const compiled = new Map<string, C>();
  for (const document of documents) {
    const value = compile(document);
    if (value !== undefined) compiled.set(document.name, value);
  }
  return compiled;
}

/** Triggers by module and kind of change, so that a save looks only at its own. */
function indexTriggers(
  entries: readonly { readonly workflow: CompiledWorkflow; readonly triggers: readonly CompiledTrigger[] }[],
): Catalog['triggersOf'] {
  const index = new Map<string, CompiledTrigger[]>();
  for (const { workflow, triggers } of entries) {
    if (!workflow.document.active || workflow.module === undefined) continue;
    for (const trigger of triggers) {
      for (const kind of trigger.on === 'save' ? ['create', 'update'] : [trigger.on]) {
        const key = `${workflow.module.name} ${kind}`;
        const known = index.get(key);
        if (known === undefined) index.set(key, [trigger]);
        else known.push(trigger);
      }
    }
  }
  return (module, kind) => index.get(`${module} ${kind}`) ?? [];
}
