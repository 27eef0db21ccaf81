import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { hasErrors } from '../../../src/core/diagnostic.ts';
import { type Install, openInstall } from '../../../src/runtime/install.ts';
import { INJECTIONS } from '../generate/injections.ts';

/** An install in a folder of its own with records in its modules. */
export interface StockedInstall {
  readonly install: Install;
  readonly folder: string;
  /** Key of the administrator. */
  readonly accessKey: string;
  close(): Promise<void>;
}

const ADMIN = { user: '19x1' };
const VENDOR_COUNT = 40;
const PRODUCT_COUNT = 240;
const ORDER_COUNT = 60;

const NAMESPACE = 'xmlns="urn:mapwright:1"';
const DOCUMENTS = [
  `<module ${NAMESPACE} name="Products" prefix="14" title="productname">
    <field name="productname" type="string" length="250" mandatory="true"/>
    <field name="serial_no" type="string" length="200"/>
    <field name="unit_price" type="currency"/>
    <field name="quantity" type="integer"/>
    <field name="discontinued" type="boolean"/>
    <field name="sales_start" type="date"/>
    <field name="checked_at" type="datetime"/>
    <field name="description" type="text"/>
    <field name="vendor_id" type="reference" references="Vendors"/>
    <field name="assigned_user_id" type="owner"/>
  </module>`,
  `<module ${NAMESPACE} name="Vendors" prefix="18" title="vendorname">
    <field name="vendorname" type="string" mandatory="true"/>
    <field name="phone" type="phone"/>
    <field name="assigned_user_id" type="owner"/>
  </module>`,
  `<module ${NAMESPACE} name="Ledger" prefix="77" title="entry">
    <field name="entry" type="string" mandatory="true"/>
  </module>`,
  `<module ${NAMESPACE} name="Orders" prefix="15" title="order_no">
    <field name="order_no" type="string" mandatory="true"/>
    <field name="product_id" type="reference" references="Products"/>
    <field name="party_id" type="reference" references="Vendors Products"/>
    <field name="parent_id" type="reference" references="Orders"/>
    <field name="amount" type="number"/>
    <field name="assigned_user_id" type="owner"/>
  </module>`,
];

const BUSINESS_MAPS = [
  {
    file: 'SizeRule.xml',
    text: "<map><expression>if quantity &gt; 5 then 'big' else concat('small ', productname) end</expression></map>",
  },
  {
    file: 'VendorNames.xml',
    text: '<map><module>Vendors</module><fields>vendorname</fields><conditions>[{"fieldname":"vendorname","operation":"contains","value":"$[name]","valuetype":"rawtext","joincondition":"and","groupid":"0"}]</conditions><return>recordset</return></map>',
  },
  {
    file: 'RowMap.xml',
    text: '<map><targetmodule/><fields><field><fieldname>name</fieldname><Orgfields><Orgfield><OrgfieldName>productname</OrgfieldName><OrgfieldID>field</OrgfieldID></Orgfield></Orgfields></field></fields></map>',
  },
];

/** Products, some named like an attack, their vendors, and a ledger that nobody has any business with. */
export async function openStockedInstall(): Promise<StockedInstall> {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-fuzz-install-'));
  const install = await openInstall({ folder, env: {} });
  const accessKey = install.firstUser?.accessKey ?? '';
  const documents = [...DOCUMENTS.map((text, index) => ({ file: `${index}.xml`, text })), ...BUSINESS_MAPS];
  const report = await install.administration.apply({ documents, prune: false, dryRun: false, by: 'fuzz' });
  if (hasErrors(report.diagnostics)) throw new Error(report.diagnostics.map(({ message }) => message).join('; '));
  await stock(install);
  return {
    install,
    folder,
    accessKey,
    async close() {
      await install.close(0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function stock({ crm }: Install): Promise<void> {
  const vendors = Array.from({ length: VENDOR_COUNT }, (_, index) =>
    crm.create({
      actor: ADMIN,
      module: 'Vendors',
      element: { vendorname: `Vendor ${index % 7}`, phone: `+49 ${index}` },
    }),
  );
  const ids = (await Promise.all(vendors)).map(({ id }) => id);
  const products = Array.from({ length: PRODUCT_COUNT }, (_, index) => ({
    productname: productNameOf(index),
    serial_no: index % 3 === 0 ? '' : `SN-${index % 20}`,
    unit_price: index % 5 === 0 ? '' : String((index % 11) * 1.25),
    quantity: index % 4 === 0 ? '' : String(index % 9),
    discontinued: index % 2 === 0 ? '1' : '0',
    sales_start: index % 6 === 0 ? '' : `2026-0${1 + (index % 9)}-15`,
    checked_at: index % 7 === 0 ? '' : `2026-03-0${1 + (index % 9)} 10:20:30`,
    vendor_id: index % 3 === 0 ? '' : (ids[index % ids.length] ?? ''),
    assigned_user_id: ADMIN.user,
  }));
  const created = await Promise.all(
    products.map((element) => crm.create({ actor: ADMIN, module: 'Products', element })),
  );
  await stockOrders(crm, { vendors: ids, products: created.map(({ id }) => id) });
  const entries = Array.from({ length: 20 }, (_, index) => ({ entry: `Entry ${index}` }));
  await Promise.all(entries.map((element) => crm.create({ actor: ADMIN, module: 'Ledger', element })));
}

/** Orders of products, of vendors or products, under each other; some refer to a product that is gone. */
async function stockOrders(
  crm: Install['crm'],
  { vendors, products }: { readonly vendors: readonly string[]; readonly products: readonly string[] },
): Promise<void> {
  const gone = await crm.create({ actor: ADMIN, module: 'Products', element: { productname: 'Gone' } });
  let parent = '';
  for (let index = 0; index < ORDER_COUNT; index++) {
    const parties = index % 2 === 0 ? vendors : products;
    const element = {
      order_no: `SO-${index}`,
      product_id: index % 4 === 0 ? '' : index % 9 === 0 ? gone.id : (products[(index * 7) % products.length] ?? ''),
      party_id: index % 5 === 0 ? '' : (parties[index % parties.length] ?? ''),
      parent_id: index % 3 === 0 ? '' : parent,
      amount: index % 6 === 0 ? '' : String((index % 7) - 2.5),
      assigned_user_id: ADMIN.user,
    };
    parent = (await crm.create({ actor: ADMIN, module: 'Orders', element })).id;
  }
  await crm.delete({ actor: ADMIN, id: gone.id });
}

/** The name of the product at a place of the stock. */
export function productNameOf(index: number): string {
  const injection = INJECTIONS[index];
  return injection === undefined ? `Bolt ${index % 30}` : `${injection.replaceAll('\u0000', '')} #${index}`;
}

/** A digest of every table's definition and rows; `only` keeps to the tables whose names it finds. */
export function digestOf(folder: string, only: (table: string) => boolean = () => true): string {
  const db = new Database(join(folder, 'mapwright.db'), { readonly: true });
  try {
    const digest = createHash('sha256');
    const tables = db
      .prepare<[], { name: string; sql: string | null }>('SELECT name, sql FROM sqlite_schema ORDER BY name')
      .all();
    for (const { name, sql } of tables) {
      if (sql === null || !only(name)) continue;
      digest.update(`${name} ${sql}`);
      if (!/^CREATE (?:VIRTUAL )?TABLE/iu.test(sql)) continue;
      const rows = db
        .prepare<[], unknown[]>(`SELECT * FROM "${name.replaceAll('"', '""')}"`)
        .raw()
        .all();
      digest.update(JSON.stringify(rows));
    }
    return digest.digest('hex');
  } finally {
    db.close();
  }
}

/** The names of the files of an install, but for those that SQLite makes and removes as it works. */
export async function filesOf(folder: string): Promise<string> {
  return (await readdir(folder))
    .filter((name) => !/-(?:wal|shm|journal)$/u.test(name))
    .toSorted()
    .join(' ');
}
