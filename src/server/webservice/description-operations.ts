import { DOCUMENT_MODULES, isBuiltInModule } from '../../core/document-module.ts';
import { IDENTITY_MODULES } from '../../core/identity-module.ts';
import { isJsonObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { User } from '../../core/identity-store.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { accessDenied } from '../../crm/record-error.ts';
import { describeFields, describeModule } from './field-description.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';

/**
 * `listtypes(fieldTypeList)`: the modules there are, users and groups included, and for administrators those that show
 * documents; with a list of types (`email`, `phone`,
 * a JSON list or with commas) only those that have a field of one of them.
 */
export async function listTypes(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const wanted = (call.parameters.list('fieldTypeList', 'INVALID_PARAMETER') ?? []).map(String);
  const types = new Set(wanted.filter((type) => type !== '' && type !== 'null'));
  const documents = call.user.admin ? unshadowed(parts.modules()) : [];
  const all = [...parts.modules().values(), ...IDENTITY_MODULES.values(), ...documents];
  const modules = all.filter((module) => types.size === 0 || hasFieldOf(module, types));
  const information = modules.map((module) => {
    const { name, label } = module;
    return [name, { isEntity: !isBuiltInModule(module), label, singular: label }] as const;
  });
  return { result: { types: modules.map(({ name }) => name), information: Object.fromEntries(information) } };
}

function unshadowed(modules: ReadonlyMap<string, ModuleDefinition>): ModuleDefinition[] {
  return [...DOCUMENT_MODULES.values()].filter(({ name }) => !modules.has(name));
}

function hasFieldOf(module: ModuleDefinition, types: ReadonlySet<string>): boolean {
  return describeFields(module).some(({ type }) => isJsonObject(type) && types.has(String(type['name'])));
}

/** `describe(elementType)`: one module and its fields; several, separated by commas, each under its name. */
export async function describe(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const names = (call.parameters.text('elementType') ?? '').split(',').map((name) => name.trim());
  const described = [...new Set(names)].map((name) => [name, describeOne(parts.modules(), name, call.user)] as const);
  const [only] = described;
  return { result: names.length === 1 && only !== undefined ? only[1] : Object.fromEntries(described) };
}

/** `getPicklistValues(module)`: the values of each picklist of a module, under the names of its fields. */
export async function getPicklistValues(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const { fields } = requireModule(parts.modules(), call.parameters.text('module') ?? '');
  const lists = fields.flatMap(({ name, options }) => (options === undefined ? [] : [[name, [...options]] as const]));
  return { result: Object.fromEntries(lists) };
}

function describeOne(modules: ReadonlyMap<string, ModuleDefinition>, name: string, { admin }: User): JsonObject {
  const document = admin && !modules.has(name) ? DOCUMENT_MODULES.get(name) : undefined;
  const module = document ?? requireModule(modules, name);
  return { ...describeModule(module, !isBuiltInModule(module)), fields: describeFields(module) };
}

/** The module of that name, Users and Groups included. Throws ACCESS_DENIED. */
export function requireModule(modules: ReadonlyMap<string, ModuleDefinition>, name: string): ModuleDefinition {
  const module = IDENTITY_MODULES.get(name) ?? modules.get(name);
  if (module === undefined) throw accessDenied(name);
  return module;
}
