import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import type { IdentityStore } from '../../core/identity-store.ts';
import type { ImportStore } from '../../core/import-store.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { Actor } from '../../core/record.ts';
import type { RecordStore } from '../../core/record-store.ts';
import type { RunId } from '../../core/run.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { TriggerMatcher } from '../../core/trigger-matcher.ts';
import type { Crm } from '../../crm/crm.ts';
import type { PeopleAdministration } from '../people-administration.ts';
import type { RecordIdentity } from './import-administration.ts';

/** What transfers of records work on. */
export interface ImportParts {
  readonly imports: ImportStore;
  readonly records: RecordStore;
  readonly identities: IdentityStore;
  readonly people: PeopleAdministration;
  readonly crm: Crm;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  readonly matcher: TriggerMatcher;
  readonly onAccepted: (runs: readonly RunId[]) => void;
  readonly clock: Clock;
  readonly installId: string;
}

/** The module in force of that name. Throws MODULE_UNKNOWN. */
export function moduleHere(parts: Pick<ImportParts, 'modules'>, name: string): ModuleDefinition {
  const modules = parts.modules();
  const module = modules.get(name);
  if (module !== undefined) return module;
  throw new MapwrightError('MODULE_UNKNOWN', `there is no module "${name}" here yet`, {
    hint: didYouMean(name, [...modules.keys()]) ?? 'take it with import-module, then: mapwright apply DOCUMENTS...',
  });
}

/** Throws FIELD_UNKNOWN when the field that records are known by is none of the module. */
export function requireIdentityField(module: ModuleDefinition, identity: RecordIdentity): void {
  if (identity.by === 'id') return;
  const names = module.fields.map(({ name }) => name);
  if (names.includes(identity.field)) return;
  throw new MapwrightError('FIELD_UNKNOWN', `module ${module.name} has no field "${identity.field}"`, {
    hint: didYouMean(identity.field, names) ?? `its fields are: ${names.join(', ')}`,
  });
}

/** Whom the changes of a transfer are written down to, with where they come from or go to. */
export async function transferActor(
  identities: Pick<IdentityStore, 'users' | 'userByName'>,
  { by, source }: { readonly by: string; readonly source: string },
): Promise<Actor> {
  const named = await identities.userByName(by);
  const user = named ?? (await identities.users()).find(({ admin, active }) => admin && active);
  if (user === undefined) {
    throw new MapwrightError('USER_UNKNOWN', 'no administrator is active, and records are saved as one', {
      hint: 'mapwright user add NAME --admin',
    });
  }
  return { user: user.id, task: `import ${new URL(source).host}` };
}
