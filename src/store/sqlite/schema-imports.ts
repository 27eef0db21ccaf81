import { index, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** How far each transfer of records from or to another install has come, as JSON. */
export const imports = sqliteTable(
  'imports',
  {
    source: text('source').notNull(),
    module: text('module').notNull(),
    /** `in`, `out` */
    direction: text('direction').notNull(),
    progress: text('progress').notNull(),
  },
  (transfer) => [primaryKey({ columns: [transfer.source, transfer.module, transfer.direction] })],
);

/** Which record, user or group here each one of another install is. */
export const importIdentities = sqliteTable(
  'import_identities',
  {
    source: text('source').notNull(),
    remote: text('remote').notNull(),
    local: text('local').notNull(),
  },
  (identity) => [
    primaryKey({ columns: [identity.source, identity.remote] }),
    index('import_identities_local').on(identity.source, identity.local),
  ],
);

/** References of imported records to records that had not come yet. */
export const importReferences = sqliteTable(
  'import_references',
  {
    source: text('source').notNull(),
    record: text('record').notNull(),
    field: text('field').notNull(),
    remote: text('remote').notNull(),
  },
  (reference) => [primaryKey({ columns: [reference.source, reference.record, reference.field] })],
);
