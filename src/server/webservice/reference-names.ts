import type { JsonObject } from '../../core/json.ts';
import { IDENTITY_MODULES } from '../../core/identity-module.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { recordPrefix } from '../../core/record.ts';
import type { RecordImage } from '../../core/record.ts';
import type { Crm } from '../../crm/crm.ts';

/** Where the names of records, users and groups come from. */
export interface NameSources {
  readonly crm: Pick<Crm, 'displayName'>;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
}

/** For every filled reference `f` of a record `fename: {module, reference, cbuuid}`, as `retrieve` adds them. */
export async function referenceNames(
  sources: NameSources,
  module: ModuleDefinition,
  image: RecordImage,
): Promise<JsonObject> {
  const names: Record<string, JsonObject> = {};
  for (const { name, type } of module.fields) {
    const id = image.values[name];
    if ((type !== 'reference' && type !== 'owner') || typeof id !== 'string') continue;
    const target = await readName(sources, id);
    if (target !== undefined) names[`${name}ename`] = { ...target, cbuuid: '' };
  }
  return names;
}

/** What an id names; undefined when it names nothing any more. */
export async function readName(
  sources: NameSources,
  id: string,
): Promise<{ readonly module: string; readonly reference: string } | undefined> {
  const reference = await sources.crm.displayName(id);
  if (reference === undefined) return undefined;
  const prefix = recordPrefix(id);
  const modules = [...IDENTITY_MODULES.values(), ...sources.modules().values()];
  const module = modules.find((candidate) => candidate.prefix === prefix);
  return module === undefined ? undefined : { module: module.name, reference };
}
