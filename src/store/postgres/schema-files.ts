import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { bytes, text, whole } from './schema-columns.ts';

/** Files; one without a hash is not whole yet, or was given up. Removed ones are being cleared away. */
export const files = pgTable(
  'files',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    size: whole('size'),
    sha256: text('sha256'),
    /** The run that made it. */
    run: whole('run'),
    unusedSince: whole('unused_since'),
    isRemoved: whole('is_removed').notNull(),
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
export const fileChunks = pgTable(
  'file_chunks',
  { file: text('file').notNull(), number: whole('number').notNull(), bytes: bytes('bytes').notNull() },
  (chunk) => [primaryKey({ columns: [chunk.file, chunk.number] })],
);

/** Which records hold a file, and which did. */
export const fileUses = pgTable(
  'file_uses',
  { file: text('file').notNull(), holder: text('holder').notNull(), endedAt: whole('ended_at') },
  (use) => [primaryKey({ columns: [use.file, use.holder] })],
);
