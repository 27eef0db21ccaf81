import { isIdentityModule } from './identity-module.ts';
import type { FieldDefinition, ModuleDefinition } from './module.ts';

// Modules of documents have prefixes that no module document can have, so that their ids meet no other.

/** Maps, rules, mappings and services as the module in which coreBOS keeps its maps. Read-only, for administrators. */
export const MAPS: ModuleDefinition = {
  name: 'cbMap',
  label: 'Business Maps',
  prefix: '10001',
  title: 'mapname',
  fields: [
    { ...shown('mapname', 'Map Name'), mandatory: true },
    shown('maptype', 'Map Type'),
    shown('targetname', 'Target Module'),
    { ...shown('content', 'Content'), type: 'text' },
  ],
};

/** Workflows, under the name that coreBOS has for them. `content` is the native document. Read-only, for administrators. */
export const WORKFLOWS: ModuleDefinition = {
  name: 'com_vtiger_workflow',
  label: 'Workflows',
  prefix: '10002',
  title: 'workflowname',
  fields: [
    { ...shown('workflowname', 'Workflow Name'), mandatory: true },
    shown('summary', 'Description'),
    shown('module_name', 'Module'),
    { ...shown('active', 'Active'), type: 'boolean' },
    { ...shown('content', 'Content'), type: 'text' },
  ],
};

/** The modules that show the documents in force, by their names. A module document of the same name stands before them. */
export const DOCUMENT_MODULES: ReadonlyMap<string, ModuleDefinition> = new Map([
  [MAPS.name, MAPS],
  [WORKFLOWS.name, WORKFLOWS],
]);

/** True for the modules that show documents. */
export function isDocumentModule(module: ModuleDefinition): boolean {
  return DOCUMENT_MODULES.get(module.name) === module;
}

/** True for modules that nobody writes through the web service, and whose records have neither times nor versions. */
export function isBuiltInModule(module: ModuleDefinition): boolean {
  return isIdentityModule(module) || isDocumentModule(module);
}

function shown(name: string, label: string): FieldDefinition {
  return { name, label, type: 'string', mandatory: false, readOnly: true };
}
