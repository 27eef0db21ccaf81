import type { BackupWriter } from '../../core/backup.ts';
import { MapwrightError } from '../../core/error.ts';

/** A PostgreSQL server has tools of its own, which see one moment of the whole database without holding anybody up. */
export const SERVER_BACKUPS: BackupWriter = {
  write: () =>
    Promise.reject(
      new MapwrightError('BACKUP_BY_SERVER', 'This install is in PostgreSQL, which makes its backups itself.', {
        hint: 'pg_dump --format=custom --file=FILE "$DATABASE_URL", or the base backups of the server; docs/operations.md tells how to restore them',
      }),
    ),
};
