import type { IdentityStore } from '../../core/identity-store.ts';
import type { JsonObject } from '../../core/json.ts';
import { USERS_PREFIX } from '../../core/module.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { recordPrefix } from '../../core/record.ts';
import type { RecordImage } from '../../core/record.ts';
import type { Crm } from '../../crm/crm.ts';
import { toWireRecord } from '../../crm/wire.ts';
import { USERS } from './user-record.ts';

/** Where the names of records and users come from. */
export interface NameSources {
  readonly crm: Pick<Crm, 'read'>;
  readonly identities: Pick<IdentityStore, 'userById'>;
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

async function readName(
  sources: NameSources,
  id: string,
): Promise<{ readonly module: string; readonly reference: string } | undefined> {
  if (recordPrefix(id) === USERS_PREFIX) {
    const user = await sources.identities.userById(id);
    return user === undefined ? undefined : { module: USERS.name, reference: user.name };
  }
  const image = await sources.crm.read(id);
  const module = image === undefined ? undefined : sources.modules().get(image.module);
  if (image === undefined || module === undefined) return undefined;
  return { module: module.name, reference: toWireRecord(module, image, [module.title])[module.title] ?? '' };
}
