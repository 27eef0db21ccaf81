import type { BackupAdministration, BackupState } from '../../runtime/administration.ts';
import type { Send } from './api-exchange.ts';

/** Backups that an install on another machine writes there. */
export function remoteBackups(send: Send): BackupAdministration {
  return {
    beginBackup: ({ target, replace, keep }) =>
      send({ method: 'POST', path: '/backups', body: { name: target, replace, keep } }),
    async backupState() {
      const { backup } = await send<{ readonly backup?: BackupState }>({ method: 'GET', path: '/backups/latest' });
      return backup;
    },
  };
}
