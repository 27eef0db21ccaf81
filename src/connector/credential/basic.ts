import type { CallRequest } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import type { Applying } from './applying.ts';
import { withHeader } from './token-place.ts';

/** A user's name and password. */
export interface Login {
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

/** HTTP Basic (RFC 7617), in UTF-8. Throws CREDENTIAL_UNSENDABLE for a user that cannot be told from the password. */
export function applyBasic(
  request: CallRequest,
  { name, user, password }: Login,
  { onSecret }: Pick<Applying, 'onSecret'>,
): CallRequest {
  if (user.includes(':')) {
    throw new MapwrightError(
      'CREDENTIAL_UNSENDABLE',
      `the user of credential "${name}" holds a colon, which ends a user's name in HTTP Basic`,
      { hint: 'give the user another name at the service, or log in with kind="digest" or a key' },
    );
  }
  const login = Buffer.from(`${user}:${password}`).toString('base64');
  onSecret(login);
  return withHeader(request, 'Authorization', `Basic ${login}`);
}
