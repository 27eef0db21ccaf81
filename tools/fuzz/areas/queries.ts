import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../src/core/json.ts';
import { QuerySyntaxError } from '../../../src/crm/query-error.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { HOSTILE_TEXTS, randomText } from '../generate/hostile-text.ts';
import { INJECTIONS } from '../generate/injections.ts';
import { Mutator } from '../generate/mutation.ts';
import { inQuotes, QUERY_GRAMMAR, QUERY_WORDS } from '../generate/query-grammar.ts';
import type { Random } from '../generate/random.ts';
import { digestOf, filesOf, openStockedInstall, productNameOf, type StockedInstall } from './stocked-install.ts';
import { checkRefusal } from './told-problem.ts';

/**
 * `text`: any query. `condition`: what it keeps and what it leaves out must be all there is. `product`: asking for its
 * name must give it and no other. `pages`: read page by page the records come once each, in the order of one reading.
 * `reference`: a field behind a reference is what the record itself has.
 */
type QueryInput =
  | { readonly text: string }
  | { readonly condition: string; readonly module: string }
  | { readonly product: number }
  | { readonly pages: string; readonly size: number }
  | { readonly reference: number };

/** What clients of the protocol are told. */
const CODES = /^(?:QUERY_SYNTAX_ERROR|ACCESS_DENIED|INVALID_MODULE|INVALID_ID_ATTRIBUTE|INVALID_PARAMETER)$/u;
const REFERENCES = [
  { from: 'Products', through: 'vendor_id', to: 'Vendors', field: 'vendorname' },
  { from: 'Orders', through: 'product_id', to: 'Products', field: 'productname' },
  { from: 'Orders', through: 'parent_id', to: 'Orders', field: 'order_no' },
] as const;

const mutator = new Mutator({
  texts: [
    'select * from Products;',
    "select productname, unit_price from Products where unit_price > 2.5 and serial_no like 'SN-%' order by productname desc limit 5, 10;",
    "select count(*) from Products where not (discontinued = '1' or vendor_id is null);",
    "select id from Vendors where vendorname in ('Vendor 1', 'Vendor 2') limit 3",
    "select productname from Products where vendor_id = 18x3 and sales_start >= '2026-02-01'",
    "select order_no, product_id.vendor_id.vendorname, Vendors.phone from Orders where parent_id.order_no like 'SO-1%' order by product_id.productname desc",
    "select * from Products where related.Vendors = '18x3' and assigned_user_id.user_name = 'admin' limit 5",
  ],
  words: [...QUERY_WORDS, ...INJECTIONS, ...HOSTILE_TEXTS],
  brackets: [
    ['(', ')'],
    ['not ', ''],
    ['not (', ')'],
    ["'", "'"],
    ['id = 1 or ', ''],
    ['parent_id.', ''],
    ["productname like '%", "%'"],
  ],
});

/** Queries on a real store: records or the protocol's errors, and a database that stays as it was. */
export const AREA: Area = {
  name: 'queries',
  limitMs: 1000,
  auditEvery: 20_000,
  generate(random): Json {
    return random.weighted<(one: Random) => QueryInput>([
      [1, (one) => ({ text: randomText(one) })],
      [5, (one) => ({ text: mutator.mutated(one) })],
      [6, (one) => ({ text: QUERY_GRAMMAR.expand(one, 'query', 25) })],
      [2, (one) => ({ text: mutator.mutate(one, QUERY_GRAMMAR.expand(one, 'query', 25)) })],
      [2, (one) => ({ text: `select * from Products where productname = '${one.pick(INJECTIONS)}'` })],
      [2, (one) => ({ condition: QUERY_GRAMMAR.expand(one, 'condition', 15), module: 'Products' })],
      [2, (one) => ({ condition: QUERY_GRAMMAR.expand(one, 'order-condition', 15), module: 'Orders' })],
      [1, (one) => ({ pages: pagedQuery(one), size: one.between(1, 60) })],
      [1, (one) => ({ reference: one.below(1000) })],
      [1, (one) => ({ product: one.below(INJECTIONS.length) })],
    ])(random);
  },
  async open() {
    const stocked = await openStockedInstall();
    // The thread that answers is started with the first query.
    await stocked.install.crm.query('select count(*) from Products');
    return new QueryTarget(stocked);
  },
};

/** A query without a limit. */
function pagedQuery(random: Random): string {
  const isOrders = random.oneIn(2);
  const [module, prefix] = isOrders ? ['Orders', 'order-'] : ['Products', ''];
  const where = QUERY_GRAMMAR.expand(random, `${prefix}where`, 10);
  const order = QUERY_GRAMMAR.expand(random, isOrders ? 'order-order' : 'order', 5);
  return `select id from ${module}${where}${order}`;
}

/** What the texts that are asked come to at most: a place may lie in what was put around the input. */
function longestText(given: Exclude<QueryInput, { product: number }>): number {
  if ('text' in given) return given.text.length;
  return JSON.stringify(given).length + 100;
}

class QueryTarget implements Target {
  readonly #stocked: StockedInstall;
  readonly #digest: string;
  #files: string | undefined;

  constructor(stocked: StockedInstall) {
    this.#stocked = stocked;
    this.#digest = digestOf(stocked.folder);
  }

  async judge(input: Json): Promise<Verdict> {
    const given = input as unknown as QueryInput;
    this.#files ??= await filesOf(this.#stocked.folder);
    try {
      if ('text' in given) await this.#judgeText(given.text);
      else if ('condition' in given) await this.#judgeCondition(given);
      else if ('product' in given) await this.#judgeProduct(given.product);
      else if ('pages' in given) await this.#judgePages(given.pages, given.size);
      else await this.#judgeReference(given.reference);
      return 'accepted';
    } catch (thrown) {
      if (thrown instanceof QuerySyntaxError) {
        const isInside = thrown.offset >= 0 && ('product' in given || thrown.offset <= longestText(given));
        promise(isInside && thrown.expected !== '', () => `${thrown.message}, at ${thrown.offset}`);
      }
      return checkRefusal(thrown, CODES);
    }
  }

  async audit(): Promise<void> {
    promise(digestOf(this.#stocked.folder) === this.#digest, () => 'the database is not what it was');
    const files = await filesOf(this.#stocked.folder);
    promise(files === this.#files, () => `the folder holds ${files}, and held ${this.#files}`);
  }

  close(): Promise<void> {
    return this.#stocked.close();
  }

  async #judgeText(text: string): Promise<void> {
    const { module, records, total } = await this.#stocked.install.crm.query(text);
    promise(Number.isSafeInteger(total) && records.length <= total, () => `${records.length} records of ${total}`);
    for (const record of records) promise(record.module === module.name, () => `a record of ${record.module}`);
  }

  async #judgeCondition({ condition, module }: { condition: string; module: string }): Promise<void> {
    const [kept, left, all] = await Promise.all(
      [` where ${condition}`, ` where not (${condition})`, ''].map(async (where) => {
        const { total } = await this.#stocked.install.crm.query(`select count(*) from ${module}${where}`);
        return total;
      }),
    );
    promise((kept ?? 0) + (left ?? 0) === all, () => `${kept} records hold, ${left} do not, and there are ${all}`);
  }

  async #judgePages(query: string, size: number): Promise<void> {
    const { crm } = this.#stocked.install;
    const all = await crm.query(`${query} limit 10000`);
    const ids = all.records.map(({ id }) => id);
    promise(ids.length === all.total, () => `${ids.length} records of ${all.total}`);
    const paged: string[] = [];
    for (let offset = 0; offset < ids.length; offset += size) {
      const { records, total } = await crm.query(`${query} limit ${offset}, ${size}`);
      promise(total === all.total, () => `${total} records, and ${all.total} in all`);
      paged.push(...records.map(({ id }) => id));
    }
    promise(
      isDeepStrictEqual(paged, ids),
      () => `${JSON.stringify(paged)} page by page, ${JSON.stringify(ids)} at once`,
    );
  }

  async #judgeReference(index: number): Promise<void> {
    const { crm } = this.#stocked.install;
    const { from, through, to, field } = REFERENCES[index % REFERENCES.length] ?? REFERENCES[0];
    const path = `${through}.${field}`;
    const { records } = await crm.query(`select ${through}, ${path} from ${from} order by id limit ${index % 60}, 1`);
    for (const { values, joined } of records) {
      const found = await crm.query(`select ${field} from ${to} where id = '${String(values[through] ?? '')}'`);
      const expected = found.records[0]?.values[field] ?? null;
      const given = joined?.[path] ?? null;
      promise(given === expected, () => `${path} is ${JSON.stringify(given)}, and ${JSON.stringify(expected)} there`);
    }
  }

  async #judgeProduct(index: number): Promise<void> {
    const name = productNameOf(index);
    const { records } = await this.#stocked.install.crm.query(
      `select productname from Products where productname = '${inQuotes(name)}'`,
    );
    const names = records.map(({ values }) => values['productname']);
    promise(
      names.length === 1 && names[0] === name,
      () => `asked for ${JSON.stringify(name)}, got ${JSON.stringify(names)}`,
    );
  }
}
