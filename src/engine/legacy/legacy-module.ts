import { IDENTITY_MODULES } from '../../core/identity-module.ts';
import type { FieldType, ModuleDefinition } from '../../core/module.ts';
import type { LegacyField, LegacyFieldType, LegacyModule } from '../../expression/legacy/services.ts';

const TYPES: Readonly<Record<FieldType, LegacyFieldType>> = {
  string: 'text',
  text: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  integer: 'integer',
  number: 'number',
  currency: 'currency',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  picklist: 'picklist',
  multipicklist: 'multipicklist',
  reference: 'reference',
  owner: 'owner',
  file: 'text',
};

/** What an owner may be. */
const OWNERS = [...IDENTITY_MODULES.keys()];

const known = new WeakMap<ModuleDefinition, LegacyModule>();

/** A module as the language asks for it. */
export function legacyModule(module: ModuleDefinition): LegacyModule {
  const made = known.get(module);
  if (made !== undefined) return made;
  const { name, prefix, title } = module;
  const fields = module.fields.map(({ name: field, label, type, references = [] }): [string, LegacyField] => [
    field,
    { name: field, label, type: TYPES[type], targets: type === 'owner' ? OWNERS : references },
  ]);
  const fresh = { name, prefix, title, fields: new Map(fields) };
  known.set(module, fresh);
  return fresh;
}
