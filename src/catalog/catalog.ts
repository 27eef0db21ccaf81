import type { Diagnostic } from '../core/diagnostic.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { RELATION_KEYS } from '../core/relation.ts';
import type { TriggerEvent } from '../core/run.ts';
import type { Document } from '../document/document.ts';
import type { WebserviceMap } from '../document/map.ts';
import type { TriggerDefinition, WorkflowDocument } from '../document/workflow.ts';
import { type BusinessMaps, businessMapNames, compileBusinessMaps } from './business-maps.ts';
import { checkDuplicates } from './check-duplicates.ts';
import { checkMapTest } from './check-map-test.ts';
import { checkPacks } from './check-pack.ts';
import { checkUnused, Descriptions } from './compile-description.ts';
import { compileEach } from './compile-each.ts';
import type { CompileContext, StoredNames } from './compile-context.ts';
import { compileMap } from './compile-map.ts';
import { compileService } from './compile-service.ts';
import { compileTriggers, indexTriggers } from './compile-trigger.ts';
import { compileWorkflow } from './compile-workflow.ts';
import type { CompiledMap } from './compiled-map.ts';
import { compileCredential } from './credential/compile-credential.ts';
import type { CompiledCredential } from './credential/compiled-credential.ts';
import type { CompiledService } from './compiled-service.ts';
import { CompiledTexts } from './compiled-texts.ts';
import type { CompiledTrigger, CompiledWorkflow } from './compiled-workflow.ts';
import { indexSchedules } from './schedule/compile-schedule.ts';
import type { CompiledSchedule } from './schedule/compiled-schedule.ts';
import { NameUses } from './name-uses.ts';
import { noteReferences } from './note-references.ts';
import { writtenByTasks } from './task/written-keys.ts';
import { ProblemLog } from './problem-log.ts';

export type { StoredNames } from './compile-context.ts';

/** One revision of all documents, ready to run. */
export interface Catalog extends BusinessMaps {
  readonly revision: number;
  readonly modules: ReadonlyMap<string, ModuleDefinition>;
  readonly services: ReadonlyMap<string, CompiledService>;
  readonly credentials: ReadonlyMap<string, CompiledCredential>;
  readonly maps: ReadonlyMap<string, CompiledMap>;
  readonly workflows: ReadonlyMap<string, CompiledWorkflow>;
  /** The triggers of active workflows that the event may fire, in document order; of those without a module for undefined. */
  triggersOf(module: string | undefined, event: TriggerEvent): readonly CompiledTrigger[];
  /** Of active workflows, by name. */
  readonly schedules: ReadonlyMap<string, CompiledSchedule>;
  /**
   * Of a stored revision: documents in which this program finds errors, though another version of it stored them, with what is
   * wrong; by kind and name: `workflow cleanup`. Left out where all are well.
   */
  readonly broken?: ReadonlyMap<string, string>;
}

export interface CompiledCatalog {
  readonly catalog: Catalog;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a set of documents is compiled with besides. */
interface CompileOptions {
  /** What is set in the install, to warn of what is not. */
  readonly stored?: StoredNames;
  /** Gets the names that the documents use. */
  readonly uses?: NameUses;
  /** Texts that a similar set was compiled with: what is known need not be compiled again. */
  readonly texts?: CompiledTexts;
}

/** Resolves every name and compiles every text of one set of documents. Never throws; a document with errors is left out. */
export function compileCatalog(
  documents: readonly Document[],
  revision: number,
  { stored, texts = new CompiledTexts(), uses = usesFor(documents) }: CompileOptions = {},
): CompiledCatalog {
  const of = <K extends Document['kind']>(kind: K): Extract<Document, { kind: K }>[] =>
    documents.filter((document): document is Extract<Document, { kind: K }> => document.kind === kind);
  const context: CompileContext = {
    problems: new ProblemLog(),
    texts,
    modules: new Map(of('module').map(({ definition }) => [definition.name, definition])),
    descriptions: new Descriptions(of('wsdl')),
    writtenContextKeys: writtenKeys(of('map'), of('workflow')),
    knownMaps: new Map(of('map').map((map) => [map.name, map])),
    ruleNames: new Set(of('rule').map(({ name }) => name)),
    takesContext: of('workflow').some(({ triggers }) => triggers.some(({ on }) => on === 'manual')),
    stored,
    uses,
  };
  checkDuplicates(context, documents);
  noteReferences(context, of('module'));
  const businessDocuments = {
    rules: of('rule'),
    mappings: of('mapping'),
    recordSets: of('record-set'),
    informationMaps: of('information-map'),
  };
  const businessMaps = compileBusinessMaps(context, businessDocuments);
  const credentials = compileEach(of('credential'), (credential) => compileCredential(context, credential));
  const known = { credentials, knownCredentials: new Map(of('credential').map((one) => [one.name, one])) };
  const services = compileEach(of('service'), (service) => compileService(context, service, known));
  const maps = compileEach(of('map'), (map) => compileMap(context, map, services));
  const knownWorkflows = new Map(of('workflow').map((workflow) => [workflow.name, workflow]));
  const { knownMaps } = context;
  for (const test of of('map-test')) checkMapTest(context, test, knownMaps);
  const names = { maps, knownMaps, services, knownWorkflows, ...businessMapNames(businessDocuments, businessMaps) };
  const workflows = compileEach(of('workflow'), (workflow) => compileWorkflow(context, workflow, names));
  const triggered = [...workflows.values()].map((workflow) => ({
    workflow,
    triggers: compileTriggers(context, workflow.document, workflow.module, names.recordChoices),
  }));
  checkPacks(context, documents);
  checkUnused(context, documents);
  const triggersOf = indexTriggers(triggered);
  const schedules = indexSchedules(triggered);
  return {
    catalog: {
      revision,
      modules: context.modules,
      services,
      credentials,
      maps,
      workflows,
      ...businessMaps,
      triggersOf,
      schedules,
    },
    diagnostics: context.problems.diagnostics(),
  };
}

/** What packs say of names is compared with what their documents name. */
function usesFor(documents: readonly Document[]): NameUses | undefined {
  return documents.some(({ kind }) => kind === 'pack') ? new NameUses() : undefined;
}

function writtenKeys(maps: readonly WebserviceMap[], workflows: readonly WorkflowDocument[]): ReadonlySet<string> {
  return new Set([
    ...maps.flatMap(writtenByMap),
    ...workflows.flatMap(({ tasks }) => writtenByTasks(tasks)),
    ...workflows.flatMap(({ triggers }) => (triggers.some(isByLink) ? RELATION_KEYS : [])),
  ]);
}

function writtenByMap({ response: { outputs, records = [], file } }: WebserviceMap): string[] {
  return [...outputs, ...records, ...(file === undefined ? [] : [file])].flatMap(
    ({ context }) => context?.value.split('.')[0] ?? [],
  );
}

function isByLink({ on }: TriggerDefinition): boolean {
  return on === 'relate' || on === 'unrelate';
}
