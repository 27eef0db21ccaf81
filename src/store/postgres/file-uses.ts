import type { FileUseChange } from '../file-use.ts';
import type { Session } from './database.ts';
import { rowSet } from './row-set.ts';

const USES = rowSet({ file: 'text', holder: 'text', at: 'bigint' });

/** Locked in one order, so that no two transactions wait for each other. */
const LOCK = `SELECT id FROM files WHERE id IN (SELECT file FROM ${USES.source}) ORDER BY id FOR UPDATE`;

const BEGIN = `INSERT INTO file_uses (file, holder) SELECT file, holder FROM ${USES.source}
  ON CONFLICT (file, holder) DO UPDATE SET ended_at = NULL`;
const USE = `UPDATE files SET unused_since = NULL FROM ${USES.source} WHERE files.id = given.file`;

const END = `UPDATE file_uses SET ended_at = given.at FROM ${USES.source}
  WHERE file_uses.file = given.file AND file_uses.holder = given.holder`;
const UNUSE = `UPDATE files SET unused_since = given.at FROM ${USES.source} WHERE files.id = given.file
  AND NOT EXISTS (SELECT 1 FROM file_uses WHERE file_uses.file = files.id AND file_uses.ended_at IS NULL)`;

/** Notes which records hold which files, and which no longer do. */
export async function noteFileUses(session: Session, changes: readonly FileUseChange[]): Promise<void> {
  if (changes.length === 0) return;
  const begun = changes.flatMap(({ holder, begun: files, at }) => files.map((file) => ({ file, holder, at })));
  const ended = changes.flatMap(({ holder, ended: files, at }) => files.map((file) => ({ file, holder, at })));
  await session.run(LOCK, USES.values([...begun, ...ended]));
  if (begun.length > 0) {
    await session.run(BEGIN, USES.values(begun));
    await session.run(USE, USES.values(begun));
  }
  if (ended.length === 0) return;
  await session.run(END, USES.values(ended));
  await session.run(UNUSE, USES.values(ended));
}
