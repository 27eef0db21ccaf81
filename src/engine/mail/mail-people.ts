import { personName } from '../../core/identity-store.ts';
import type { MailAddress } from '../../core/mail.ts';
import { findPeople } from '../notice/recipients.ts';
import type { RunState } from '../run-state.ts';

/** The addresses of people of the install, and what is to be told of those who have none. */
export interface PeopleAddresses {
  readonly addresses: readonly MailAddress[];
  readonly warnings: readonly string[];
}

/**
 * The addresses of the active users whom these names mean: `owner`, `group:Sales`. Unlike notices, a message goes to
 * nobody in place of somebody who is not found: it may be meant for one pair of eyes.
 */
export async function addressesOfPeople(state: RunState, names: readonly string[]): Promise<PeopleAddresses> {
  const { recipients, lost } = await findPeople(state, names);
  const users = [...recipients.values()].map(({ user }) => user);
  return {
    addresses: users
      .filter(({ email }) => email !== '')
      .map((user) => ({
        name: personName(user)
          .replaceAll(/[\p{Cc}"]/gu, ' ')
          .trim(),
        address: user.email,
      })),
    warnings: [
      ...lost.map((name) => `${name} is nobody who is active here: no message for them`),
      ...users.filter(({ email }) => email === '').map(({ name }) => `the user ${name} has no e-mail address`),
    ],
  };
}
