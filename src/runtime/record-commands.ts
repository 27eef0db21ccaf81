import { MapwrightError } from '../core/error.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { JsonObject } from '../core/json.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { type Actor, type RecordId, recordPrefix } from '../core/record.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { Crm } from '../crm/crm.ts';
import type { Administration } from './administration.ts';

interface Parts {
  readonly crm: Crm;
  readonly identities: Pick<IdentityStore, 'users'>;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
}

/**
 * Records by hand. Unlike clients of the web service, who may send what they do not know, a person is told of every name
 * that does not exist.
 */
export function recordCommands(parts: Parts): Pick<Administration, 'createRecord' | 'changeRecord' | 'record'> {
  const { crm } = parts;
  return {
    async createRecord({ module, values, by, key: requestIdentifier }) {
      requireFields(moduleNamed(parts, module), values);
      return crm.create({ actor: await actorNamed(parts, by), module, element: values, requestIdentifier });
    },
    async changeRecord({ id, values, by }) {
      requireFields(moduleOf(parts, id), values);
      await known(id, crm.retrieve(id));
      return crm.revise({ actor: await actorNamed(parts, by), element: { ...values, id } });
    },
    async record({ id }) {
      moduleOf(parts, id);
      return known(id, crm.retrieve(id));
    },
  };
}

/** Whoever has no user here, as programs do, acts as the first administrator. */
export async function actorNamed({ identities }: Pick<Parts, 'identities'>, by: string | undefined): Promise<Actor> {
  const users = (await identities.users()).filter(({ active }) => active);
  const user = users.find(({ name }) => name === by) ?? users.find(({ admin }) => admin);
  if (user !== undefined) return { user: user.id };
  throw new MapwrightError('USER_UNKNOWN', 'no administrator is active, and records are saved as one', {
    hint: 'mapwright user add NAME --admin',
  });
}

function moduleNamed({ modules }: Parts, name: string): ModuleDefinition {
  const names = [...modules().keys()];
  const module = modules().get(name);
  if (module !== undefined) return module;
  const others =
    names.length === 0 ? 'no module is in force yet: mapwright apply DOCUMENTS...' : `there are: ${names.join(', ')}`;
  throw new MapwrightError('MODULE_UNKNOWN', `there is no module "${name}"`, {
    hint: didYouMean(name, names) ?? others,
  });
}

function moduleOf({ modules }: Parts, id: RecordId): ModuleDefinition {
  const prefix = recordPrefix(id);
  const module = [...modules().values()].find((one) => one.prefix === prefix);
  if (module === undefined) throw recordUnknown(id);
  return module;
}

function requireFields(module: ModuleDefinition, values: JsonObject): void {
  const names = module.fields.map(({ name }) => name);
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  const readOnly = module.fields.find((field) => field.readOnly && Object.hasOwn(values, field.name));
  if (readOnly !== undefined) {
    throw new MapwrightError('RECORD_FIELD_READ_ONLY', `only maps and workflows write the field "${readOnly.name}"`, {
      hint: `leave it away, or take read-only="true" from it in the module ${module.name}`,
    });
  }
  if (unknown === undefined) return;
  throw new MapwrightError('FIELD_UNKNOWN', `module ${module.name} has no field "${unknown}"`, {
    hint: didYouMean(unknown, names) ?? `its fields are: ${names.join(', ')}`,
  });
}

async function known<T>(id: RecordId, found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (thrown) {
    throw thrown instanceof MapwrightError && thrown.code === 'INVALID_ID_ATTRIBUTE' ? recordUnknown(id) : thrown;
  }
}

function recordUnknown(id: RecordId): MapwrightError {
  return new MapwrightError('RECORD_UNKNOWN', `there is no record ${id}`, {
    hint: 'ids are a module prefix, x, and a number: 30x1',
  });
}
