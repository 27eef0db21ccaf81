import { MapwrightError } from '../../../src/core/error.ts';
import type { Json } from '../../../src/core/json.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { HOSTILE_TEXTS, randomText } from '../generate/hostile-text.ts';
import { INJECTIONS } from '../generate/injections.ts';
import { Mutator } from '../generate/mutation.ts';
import { inQuotes, QUERY_GRAMMAR, QUERY_WORDS } from '../generate/query-grammar.ts';
import type { Random } from '../generate/random.ts';
import { digestOf, filesOf, openStockedInstall, productNameOf, type StockedInstall } from './stocked-install.ts';

/**
 * `text`: any query. `condition`: what it keeps and what it leaves out must be all there is. `product`: asking for its
 * name must give it and no other.
 */
type QueryInput = { readonly text: string } | { readonly condition: string } | { readonly product: number };

/** What clients of the protocol are told. */
const CODES = ['QUERY_SYNTAX_ERROR', 'ACCESS_DENIED'];

const mutator = new Mutator({
  texts: [
    'select * from Products;',
    "select productname, unit_price from Products where unit_price > 2.5 and serial_no like 'SN-%' order by productname desc limit 5, 10;",
    "select count(*) from Products where not (discontinued = '1' or vendor_id is null);",
    "select id from Vendors where vendorname in ('Vendor 1', 'Vendor 2') limit 3",
    "select productname from Products where vendor_id = 18x3 and sales_start >= '2026-02-01'",
  ],
  words: [...QUERY_WORDS, ...INJECTIONS, ...HOSTILE_TEXTS],
  brackets: [
    ['(', ')'],
    ['not ', ''],
    ['not (', ')'],
    ["'", "'"],
    ['id = 1 or ', ''],
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
      [2, (one) => ({ condition: QUERY_GRAMMAR.expand(one, 'condition', 15) })],
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
      else if ('condition' in given) await this.#judgeCondition(given.condition);
      else await this.#judgeProduct(given.product);
      return 'accepted';
    } catch (thrown) {
      if (!(thrown instanceof MapwrightError)) throw thrown;
      promise(CODES.includes(thrown.code), () => `${thrown.code}: ${thrown.message}`);
      promise(
        thrown.message !== '' && thrown.message.length < 1000,
        () => `a message of ${thrown.message.length} characters`,
      );
      return 'refused';
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

  async #judgeCondition(condition: string): Promise<void> {
    const [kept, left, all] = await Promise.all(
      [` where ${condition}`, ` where not (${condition})`, ''].map(async (where) => {
        const { total } = await this.#stocked.install.crm.query(`select count(*) from Products${where}`);
        return total;
      }),
    );
    promise((kept ?? 0) + (left ?? 0) === all, () => `${kept} records hold, ${left} do not, and there are ${all}`);
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
