import type { Clock } from '../core/clock.ts';
import { MapwrightError } from '../core/error.ts';
import type { IdentityStore, User } from '../core/identity-store.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { OrganisationUnit } from '../core/unit.ts';
import { checkName } from './checked-name.ts';
import type { UnitAdministration, UnitEntry } from './people-administration.ts';
import { userNamed } from './user-named.ts';

/** What an administrator can do about organisation units. */
export function unitCommands(parts: { readonly identities: IdentityStore; readonly clock: Clock }): UnitAdministration {
  const { identities, clock } = parts;
  const both = async (params: { readonly unit: string; readonly user: string }) => ({
    unit: await unitNamed(identities, params.unit),
    user: (await userNamed(identities, params.user)).id,
  });
  return {
    async units() {
      const users = await identities.users();
      return (await identities.units()).map((unit) => unitEntry(unit, users));
    },
    async addUnit({ name, description, parent }) {
      checkName('unit', name);
      if (parent !== undefined) await unitNamed(identities, parent);
      return unitEntry(await identities.addUnit({ name, description, parent, at: clock.now() }), []);
    },
    async moveUnit({ name, parent }) {
      await unitNamed(identities, name);
      if (parent !== undefined) await unitNamed(identities, parent);
      await identities.moveUnit({ name, parent });
    },
    async removeUnit({ name }) {
      await identities.removeUnit(await unitNamed(identities, name));
    },
    addUnitMember: async (params) => identities.addUnitMember(await both(params)),
    removeUnitMember: async (params) => identities.removeUnitMember(await both(params)),
  };
}

function unitEntry({ name, description, parent, members }: OrganisationUnit, users: readonly User[]): UnitEntry {
  const nameOf = (member: string) => users.find((user) => user.id === member)?.name ?? member;
  return { name, description, ...(parent === undefined ? {} : { parent }), members: members.map(nameOf) };
}

async function unitNamed(identities: IdentityStore, name: string): Promise<string> {
  const names = (await identities.units()).map((one) => one.name);
  if (names.includes(name)) return name;
  throw new MapwrightError('UNIT_UNKNOWN', `there is no unit "${name}"`, {
    hint: didYouMean(name, names) ?? 'mapwright unit list shows those there are',
  });
}
