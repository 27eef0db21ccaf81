import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Files; one without a hash is not whole yet, or was given up. Removed ones are being cleared away. */
export const files = sqliteTable(
  'files',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    size: integer('size'),
    sha256: text('sha256'),
    /** The run that made it. */
    run: integer('run'),
    unusedSince: integer('unused_since'),
    isRemoved: integer('is_removed').notNull(),
  },
  (file) => [
    index('files_unused')
      .on(file.unusedSince)
      .where(sql`unused_since IS NOT NULL`),
    index('files_removed')
      .on(file.id)
      .where(sql`is_removed = 1`),
  ],
);

/** The bytes of files, in pieces of one size. */
export const fileChunks = sqliteTable(
  'file_chunks',
  {
    file: text('file').notNull(),
    number: integer('number').notNull(),
    bytes: blob('bytes', { mode: 'buffer' }).notNull(),
  },
  (chunk) => [primaryKey({ columns: [chunk.file, chunk.number] })],
);

/** Which records hold a file, and which did. */
export const fileUses = sqliteTable(
  'file_uses',
  { file: text('file').notNull(), holder: text('holder').notNull(), endedAt: integer('ended_at') },
  (use) => [primaryKey({ columns: [use.file, use.holder] })],
);
