import type { Operation } from './operation.ts';
import { AUDIT_OPERATIONS } from './resources/audit.ts';
import { BACKUP_OPERATIONS } from './resources/backups.ts';
import { CREDENTIAL_OPERATIONS } from './resources/credentials.ts';
import { DOCUMENT_OPERATIONS } from './resources/documents.ts';
import { EVENT_OPERATIONS } from './resources/events.ts';
import { FILE_OPERATIONS } from './resources/files.ts';
import { GROUP_OPERATIONS, UNIT_OPERATIONS } from './resources/groups.ts';
import { IMPORT_OPERATIONS } from './resources/imports.ts';
import { INBOX_OPERATIONS } from './resources/inbox.ts';
import { INSTALL_OPERATIONS } from './resources/install.ts';
import { DESTINATION_OPERATIONS } from './resources/destinations.ts';
import { LIBRARY_OPERATIONS } from './resources/library.ts';
import { NOTIFICATION_OPERATIONS } from './resources/notifications.ts';
import { PACK_OPERATIONS } from './resources/packs.ts';
import { RECORD_OPERATIONS } from './resources/records.ts';
import { RETENTION_OPERATIONS } from './resources/retention.ts';
import { RUN_OPERATIONS } from './resources/runs.ts';
import { SCHEDULE_OPERATIONS } from './resources/schedules.ts';
import { SESSION_OPERATIONS } from './resources/session.ts';
import { SECRET_OPERATIONS } from './resources/secrets.ts';
import { SETTING_OPERATIONS } from './resources/settings.ts';
import { TOKEN_OPERATIONS } from './resources/tokens.ts';
import { TRIAL_OPERATIONS } from './resources/trials.ts';
import { USER_OPERATIONS } from './resources/users.ts';

/** Every operation of the API: what is served, described and tested is this list. */
export const API_OPERATIONS: readonly Operation[] = [
  ...SESSION_OPERATIONS,
  ...INSTALL_OPERATIONS,
  ...DOCUMENT_OPERATIONS,
  ...LIBRARY_OPERATIONS,
  ...PACK_OPERATIONS,
  ...TRIAL_OPERATIONS,
  ...RUN_OPERATIONS,
  ...EVENT_OPERATIONS,
  ...INBOX_OPERATIONS,
  ...SCHEDULE_OPERATIONS,
  ...RECORD_OPERATIONS,
  ...SETTING_OPERATIONS,
  ...SECRET_OPERATIONS,
  ...CREDENTIAL_OPERATIONS,
  ...RETENTION_OPERATIONS,
  ...USER_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...UNIT_OPERATIONS,
  ...DESTINATION_OPERATIONS,
  ...NOTIFICATION_OPERATIONS,
  ...IMPORT_OPERATIONS,
  ...TOKEN_OPERATIONS,
  ...AUDIT_OPERATIONS,
  ...BACKUP_OPERATIONS,
  ...FILE_OPERATIONS,
];
