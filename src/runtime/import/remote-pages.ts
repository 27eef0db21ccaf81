import { MapwrightError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RemoteClient } from './remote-client.ts';

/** Which records of a module to read. */
export interface RemotePageQuery {
  readonly module: string;
  /** A condition of the query language; empty for all records. */
  readonly where: string;
  /** The last id of the page before; undefined for the first page. */
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * One page of records with all their fields, by rising ids: a place that stays right when records come and go. Rejects
 * with what the client rejects with.
 */
export async function readPage(client: RemoteClient, page: RemotePageQuery): Promise<readonly JsonObject[]> {
  const rows = await client.query(pageQuery(page));
  // A service that does not look at the condition would be read for ever.
  if (page.after === undefined || rows.every(({ id }) => id !== page.after)) return rows;
  throw new MapwrightError(
    'IMPORT_ANSWER_INVALID',
    `the other install answers ${page.after} again, after all behind it`,
    {
      hint: "see whether a query such as: select * from Accounts where id > '11x5'; works there",
    },
  );
}

/** The text that asks for a page. */
export function pageQuery({ module, where, after, limit }: RemotePageQuery): string {
  // coreBOS reads brackets only where its larger query language does; they are left away where they say nothing.
  const own = /\bor\b/iu.test(where) ? `(${where})` : where;
  const parts = [own, after === undefined ? '' : `id > '${after}'`];
  const condition = parts.filter((part) => part !== '').join(' and ');
  return `select * from ${module}${condition === '' ? '' : ` where ${condition}`} order by id limit ${limit};`;
}

/** How many records a condition holds for. */
export async function countRecords(client: RemoteClient, module: string, where: string): Promise<number> {
  const [row] = await client.query(`select count(*) from ${module}${where === '' ? '' : ` where ${where}`};`);
  return Number(row?.['count'] ?? 0);
}

/** All records of a small module. */
export async function readAll(client: RemoteClient, module: string): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for (let after: string | undefined; ;) {
    const page = await readPage(client, { module, where: '', after, limit: PAGE });
    rows.push(...page);
    after = String(page.at(-1)?.['id'] ?? '');
    if (page.length < PAGE || after === '') return rows;
  }
}

const PAGE = 100;
