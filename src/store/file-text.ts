import type { FileReference } from '../core/file-store.ts';

// Statements that both databases understand, with `?` for each value.

/** A whole file as the databases keep it. */
export interface FileRow extends FileReference {
  /** Since when no record holds it; null while one does. */
  readonly unusedSince: number | null;
}

export const ADD_FILE = 'INSERT INTO files (id, name, type, run, unused_since, is_removed) VALUES (?, ?, ?, ?, ?, 0)';

export const ADD_CHUNK = 'INSERT INTO file_chunks (file, number, bytes) VALUES (?, ?, ?)';

/** A file that was cleared away meanwhile is not made whole. */
export const FINISH_FILE = 'UPDATE files SET size = ?, sha256 = ? WHERE id = ? AND is_removed = 0';

export const ABANDON_FILE = 'UPDATE files SET is_removed = 1 WHERE id = ? AND sha256 IS NULL';

export const FIND_FILE = `SELECT id, name, type, size, sha256, unused_since AS "unusedSince" FROM files
  WHERE id = ? AND sha256 IS NOT NULL AND is_removed = 0`;

export const HOLD_FILE = 'UPDATE files SET unused_since = ? WHERE id = ? AND unused_since < ? AND is_removed = 0';

export const READ_CHUNK = 'SELECT bytes FROM file_chunks WHERE file = ? AND number = ?';

/** What is left to a file that is about to be referred to, from the moment it was last said so. */
export const HOLD_MS = 60 * 60_000;

/** Chunks cleared away at once: SQLite walks through all pages of each. */
export const MOST_CHUNKS = 32;

/** Files taken away at once. */
export const MOST_FILES = 100;

/**
 * Files that nobody needs: no record holds them, and no run that has not ended is about a record that did, or belongs to
 * those of the run that made them. The plus keeps the index of all unfinished runs out of it.
 */
export const TAKE_FILES = `UPDATE files SET is_removed = 1 WHERE id IN (
  SELECT id FROM files WHERE unused_since < ? AND is_removed = 0
    AND NOT EXISTS (SELECT 1 FROM file_uses WHERE file_uses.file = files.id AND file_uses.ended_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = files.run AND runs.ended_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.root_run = files.run AND +runs.ended_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM file_uses JOIN runs ON runs.record_id = file_uses.holder
      WHERE file_uses.file = files.id AND +runs.ended_at IS NULL)
  ORDER BY unused_since LIMIT ?)`;

export const CLEAR_CHUNKS = `DELETE FROM file_chunks WHERE (file, number) IN (
  SELECT file, number FROM file_chunks WHERE file IN (SELECT id FROM files WHERE is_removed = 1) LIMIT ?)`;

export const CLEAR_USES = `DELETE FROM file_uses WHERE file IN (SELECT id FROM files WHERE is_removed = 1)`;

export const CLEAR_FILES = `DELETE FROM files WHERE is_removed = 1
  AND NOT EXISTS (SELECT 1 FROM file_chunks WHERE file_chunks.file = files.id)`;
