import type { KeyRotation } from '../../runtime/administration.ts';
import type { KeyAdministration } from '../../runtime/secret/key-administration.ts';
import type { SecretAdministration } from '../../runtime/secret/secret-administration.ts';
import { type Send, path } from './api-exchange.ts';
import { readList, sendChange } from './pages.ts';

/** Secrets of an install on another machine, and its key. */
export function remoteSecrets(send: Send): SecretAdministration & KeyAdministration {
  return {
    secrets: () => readList(send, '/secrets'),
    missingSecrets: () => readList(send, '/secrets/missing'),
    setSecret: ({ name, value, replace }) =>
      send({ method: 'PUT', path: path`/secrets/${name}`, body: { value, replace } }),
    removeSecret: ({ name, force }) =>
      sendChange(send, {
        method: 'DELETE',
        path: path`/secrets/${name}`,
        query: force === true ? { force: 'true' } : {},
      }),
    beginKeyRotation: ({ dryRun, leaveUnknown }) =>
      send({ method: 'POST', path: '/key-rotations', body: { dryRun, leaveUnknown } }),
    async keyRotation() {
      const { rotation } = await send<{ readonly rotation?: KeyRotation }>({
        method: 'GET',
        path: '/key-rotations/latest',
      });
      return rotation;
    },
  };
}
