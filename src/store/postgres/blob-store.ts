import { createHash } from 'node:crypto';
import { MapwrightError } from '../../core/error.ts';
import type { Session } from './database.ts';

/**
 * Stores long texts under their SHA-256 (hex), each once. Those that are there are locked until the transaction ends: whoever
 * removes texts that nobody needs waits, and sees then who needs them.
 */
export async function writeBlobs(session: Session, texts: ReadonlyMap<string, string>): Promise<void> {
  if (texts.size === 0) return;
  // In one order everywhere, so that two that write the same texts do not wait for each other in a circle.
  const hashes = [...texts.keys()].toSorted();
  const stored = hashes.map((hash) => blobText(texts.get(hash) ?? ''));
  await session.run(
    `INSERT INTO blobs (hash, text, escaped) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
     ON CONFLICT (hash) DO UPDATE SET escaped = blobs.escaped`,
    [hashes, stored.map(({ text }) => text), stored.map(({ escaped }) => escaped)],
  );
}

/** A long text as it is stored: as it is, or as JSON when a text of PostgreSQL cannot hold it. */
export function blobText(text: string): { readonly text: string; readonly escaped: 0 | 1 } {
  const isStorable = text.isWellFormed() && !text.includes('\u0000');
  return isStorable ? { text, escaped: 0 } : { text: JSON.stringify(text), escaped: 1 };
}

/** The long text that is stored so. */
export function readBlobText({ text, escaped }: { readonly text: string; readonly escaped: number }): string {
  if (escaped === 0) return text;
  const read: string = JSON.parse(text);
  return read;
}

/** The texts with these hashes. Rejects with STORE_UNAVAILABLE when the database has lost one. */
export async function readBlobs(session: Session, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await session.all<{ hash: string; text: string; escaped: number }>(
    'SELECT hash, text, escaped FROM blobs WHERE hash = ANY($1)',
    [hashes],
  );
  const texts = new Map(rows.map(({ hash, ...stored }) => [hash, readBlobText(stored)]));
  const lost = hashes.find((hash) => !texts.has(hash));
  if (lost === undefined) return texts;
  throw new MapwrightError('STORE_UNAVAILABLE', `The text with hash ${lost} is missing.`, {
    hint: 'The database is damaged: restore the last backup.',
  });
}

/** The hash under which a text is stored. */
export function blobHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
