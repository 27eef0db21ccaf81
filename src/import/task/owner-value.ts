import { GROUPS_PREFIX, USERS_PREFIX } from '../../core/module.ts';
import type { ValueSource } from './field-value.ts';

/** Who a record is given to: an id, the number of a user, or the name of a user or a group, which is looked up in the run. */
export function ownerSource(written: string): ValueSource {
  if (/^\d+x\d+$/u.test(written)) return { ok: true, attributes: { value: written } };
  if (/^\d+$/u.test(written)) {
    const note = `the owner ${written} is taken for the user ${USERS_PREFIX}x${written}; a group would be ${GROUPS_PREFIX}x${written}`;
    return { ok: true, attributes: { value: `${USERS_PREFIX}x${written}` }, note };
  }
  const name = written.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`);
  const user = `getIDof('Users', 'user_name', '${name}')`;
  const group = `getIDof('Groups', 'groupname', '${name}')`;
  return {
    ok: true,
    attributes: {
      legacy: `if ${user} == 0 then concat('${GROUPS_PREFIX}x', ${group}) else concat('${USERS_PREFIX}x', ${user}) end`,
    },
    note: `the owner "${written}" is looked up by name when the task runs`,
  };
}
