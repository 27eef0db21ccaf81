import type { RecordId } from '../../core/record.ts';
import type { Session } from './database.ts';
import { rowSet, texts } from './row-set.ts';

/** A link between two records, under the side it was made from. */
export interface RecordLink {
  readonly source: RecordId;
  readonly target: RecordId;
  readonly at: number;
  readonly by: string;
}

type Pair = Pick<RecordLink, 'source' | 'target'>;

const pairs = rowSet({ source: 'text', target: 'text' });
const links = rowSet({ source: 'text', target: 'text', at: 'bigint', by: 'text' });

const SELECT = `SELECT relations.source, relations.target FROM ${pairs.source}
  JOIN relations ON relations.source = given.source AND relations.target = given.target`;
const INSERT = `INSERT INTO relations (source, target, at, by)
  SELECT given.source, given.target, given.at, given.by FROM ${links.source}`;
const REMOVE = `DELETE FROM relations USING ${pairs.source}
  WHERE relations.source = given.source AND relations.target = given.target`;
const FORGET = 'DELETE FROM relations WHERE source = ANY ($1::text[]) OR target = ANY ($1::text[])';

/** The same text for both sides of a pair. */
export function pairName(one: RecordId, other: RecordId): string {
  return one < other ? `${one}-${other}` : `${other}-${one}`;
}

/** The names of those pairs that have a link, whichever side it was made from. */
export async function linkedPairs(session: Session, asked: readonly Pair[]): Promise<ReadonlySet<string>> {
  if (asked.length === 0) return new Set();
  const rows = await session.all<Pair>(SELECT, pairs.values(bothWays(asked)));
  return new Set(rows.map(({ source, target }) => pairName(source, target)));
}

/** To be called by whoever holds the records at the ends, inside the transaction, as all that follow. */
export async function addLinks(session: Session, added: readonly RecordLink[]): Promise<void> {
  if (added.length > 0) await session.run(INSERT, links.values(added));
}

export async function removeLinks(session: Session, removed: readonly Pair[]): Promise<void> {
  if (removed.length > 0) await session.run(REMOVE, pairs.values(bothWays(removed)));
}

/** Takes away every link of these records. */
export async function forgetLinks(session: Session, ids: readonly RecordId[]): Promise<void> {
  if (ids.length > 0) await session.run(FORGET, [texts(ids)]);
}

function bothWays(asked: readonly Pair[]): readonly Pair[] {
  return asked.flatMap(({ source, target }) => [
    { source, target },
    { source: target, target: source },
  ]);
}
