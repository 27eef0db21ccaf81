import type { JsonObject } from '../../core/json.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { accessDenied } from '../../crm/record-error.ts';
import { describeFields, describeModule } from './field-description.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import { USERS } from './user-record.ts';

/** `listtypes`: the modules there are, users included. */
export async function listTypes(parts: OperationParts): Promise<OperationAnswer> {
  const modules = [...parts.modules().values(), USERS];
  const information = modules.map(({ name, label }) => [name, { isEntity: true, label, singular: label }] as const);
  return { result: { types: modules.map(({ name }) => name), information: Object.fromEntries(information) } };
}

/** `describe(elementType)`: one module and its fields; several, separated by commas, each under its name. */
export async function describe(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const names = (call.parameters.text('elementType') ?? '').split(',').map((name) => name.trim());
  const described = names.map((name) => [name, describeOne(parts.modules(), name)] as const);
  const [only] = described;
  return { result: described.length === 1 && only !== undefined ? only[1] : Object.fromEntries(described) };
}

function describeOne(modules: ReadonlyMap<string, ModuleDefinition>, name: string): JsonObject {
  const module = name === USERS.name ? USERS : modules.get(name);
  if (module === undefined) throw accessDenied(name);
  return { ...describeModule(module, module !== USERS), fields: describeFields(module) };
}
