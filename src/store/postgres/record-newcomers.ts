import { recordNumber, recordPrefix } from '../../core/record.ts';
import type { RecordId, RecordImage } from '../../core/record.ts';
import type { UnmatchedRecords } from '../../core/unit-of-work.ts';
import { columnName } from '../record-names.ts';
import { canHold } from '../record-rows.ts';
import type { Operand } from '../sql-dialect.ts';
import type { SqlText } from '../sql-text.ts';
import { isLongTitle, storageClassOf } from '../storage-class.ts';
import type { Session } from './database.ts';
import { numbered, POSTGRES } from './postgres-dialect.ts';
import type { RecordTable } from './record-table.ts';
import type { RecordTables } from './record-tables.ts';

/** More changes than this are not looked through one by one. */
const MOST_CHANGES = 5_000;

/**
 * Transactions get their numbers when they begin to write and become visible when they end, in another order. What was
 * written below the oldest one still under way is seen by everything that is searched from now on.
 */
const LATEST = `SELECT CASE WHEN EXISTS (SELECT 1 FROM record_history)
  THEN pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 ELSE 0 END AS latest`;

/** Put in order so that the index is read from there, however little the planner knows of how few they are. */
const SINCE = `SELECT record_id AS id, written_by::text::bigint AS "writtenBy" FROM record_history
  WHERE written_by > $1::text::xid8 ORDER BY written_by LIMIT ${MOST_CHANGES + 1}`;

interface Change {
  readonly id: RecordId;
  readonly writtenBy: number;
}

/** See `RecordStore.latestChange`. */
export async function latestChange(session: Session): Promise<number> {
  const [row] = await session.all<{ latest: number }>(LATEST);
  return row?.latest ?? 0;
}

/** For each of the searches a record that was changed since and has now the values of one of the keys, if there is one. */
export async function findNewcomers(
  session: Session,
  tables: RecordTables,
  searches: readonly UnmatchedRecords[],
): Promise<readonly (RecordId | undefined)[]> {
  if (searches.length === 0) return [];
  const from = Math.min(...searches.map(({ asOf }) => asOf));
  const changes = await session.all<Change>(SINCE, [String(from)]);
  if (changes.length === 0) return searches.map(() => undefined);
  // Happens while another program writes in one transaction for hours, in whatever database of the server.
  if (changes.length > MOST_CHANGES) return findAmongMany(session, tables, searches);
  const images = await readChanged(session, tables, { searches, changes });
  return searches.map(({ module, asOf, keys }) => {
    const { prefix } = tables.forWriting(module).module;
    const since = changes.filter(({ id, writtenBy }) => writtenBy > asOf && recordPrefix(id) === prefix);
    return since.find(({ id }) => hasOneOf(images.get(id), keys))?.id;
  });
}

/** True when the record has the values of one of the keys. */
export function hasOneOf(image: RecordImage | undefined, keys: UnmatchedRecords['keys']): boolean {
  if (image === undefined) return false;
  return keys.some((key) => Object.entries(key).every(([name, value]) => image.values[name] === value));
}

async function readChanged(
  session: Session,
  tables: RecordTables,
  asked: { readonly searches: readonly UnmatchedRecords[]; readonly changes: readonly Change[] },
): Promise<ReadonlyMap<RecordId, RecordImage>> {
  const images = new Map<RecordId, RecordImage>();
  for (const name of new Set(asked.searches.map(({ module }) => module))) {
    const table = tables.forWriting(name);
    const own = asked.changes.filter(({ id }) => recordPrefix(id) === table.module.prefix);
    const numbers = [...new Set(own.flatMap(({ id }) => recordNumber(id) ?? []))];
    if (numbers.length === 0) continue;
    for (const image of await table.read(session, numbers)) images.set(image.id, image);
  }
  return images;
}

/** From the other end: the records with the values, and whether they were changed. */
async function findAmongMany(
  session: Session,
  tables: RecordTables,
  searches: readonly UnmatchedRecords[],
): Promise<readonly (RecordId | undefined)[]> {
  const found: (RecordId | undefined)[] = [];
  for (const { module, asOf, keys } of searches) {
    const table = tables.forWriting(module);
    let id: RecordId | undefined;
    for (const key of keys) id ??= await findOne(session, table, { asOf, key });
    found.push(id);
  }
  return found;
}

async function findOne(
  session: Session,
  table: RecordTable,
  { asOf, key }: { readonly asOf: number; readonly key: UnmatchedRecords['keys'][number] },
): Promise<RecordId | undefined> {
  const { module } = table;
  if (!Object.entries(key).every(([name, value]) => canHold(module, name, value))) return undefined;
  const parts = module.fields.flatMap((field): SqlText[] => {
    const value = key[field.name];
    if (value === undefined) return [];
    const sql = POSTGRES.identifier(columnName(field.name));
    if (value === null) return [{ sql: `${sql} IS NULL`, values: [] }];
    const operand: Operand = { sql, as: storageClassOf(field), isTitle: isLongTitle(field, module.title) };
    return [POSTGRES.compare(operand, '=', typeof value === 'boolean' ? Number(value) : value)];
  });
  const isNew = `EXISTS (SELECT 1 FROM record_history
    WHERE record_id = '${module.prefix}x' || r."number" AND written_by > ?::text::xid8)`;
  const where = [...parts.map((part) => part.sql), isNew].join(' AND ');
  const [row] = await session.all<{ number: number }>(
    numbered(`SELECT r."number" AS number FROM ${table.name} AS r WHERE ${where} LIMIT 1`),
    [...parts.flatMap((part) => part.values), String(asOf)],
  );
  return row === undefined ? undefined : `${module.prefix}x${row.number}`;
}
