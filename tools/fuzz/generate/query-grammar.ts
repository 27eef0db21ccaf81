import { Grammar } from './grammar.ts';
import { hostileText } from './hostile-text.ts';
import { INJECTIONS } from './injections.ts';
import type { Random } from './random.ts';

const FIELDS = [
  'productname',
  'serial_no',
  'unit_price',
  'quantity',
  'discontinued',
  'sales_start',
  'checked_at',
  'description',
  'vendor_id',
  'assigned_user_id',
  'id',
  'createdtime',
  'modifiedtime',
];

/** Fields behind references of products: by the reference, and by the module it leads to. */
const PRODUCT_PATHS = [
  'vendor_id.vendorname',
  'Vendors.phone',
  'vendors.vendorname',
  'Products.productname',
  'vendor_id.id',
  'vendor_id.assigned_user_id.user_name',
  'assigned_user_id.user_name',
  'Users.first_name',
  'Groups.groupname',
  'vendor_id.createdtime',
];

/** The same of orders; `party_id` leads to two modules. */
const ORDER_PATHS = [
  'product_id.productname',
  'product_id.vendor_id.vendorname',
  'Products.unit_price',
  'party_id.vendorname',
  'party_id.productname',
  'party_id.assigned_user_id',
  'parent_id.order_no',
  'parent_id.parent_id.order_no',
  'parent_id.product_id.vendor_id.phone',
  'Orders.amount',
  'Vendors.vendorname',
];
const ORDER_FIELDS = [
  'order_no',
  'product_id',
  'party_id',
  'parent_id',
  'amount',
  'assigned_user_id',
  'id',
  'modifiedtime',
];

/** Queries over the products of the stocked install; `condition` and what follows `where` stand by themselves. */
export const QUERY_GRAMMAR = new Grammar(
  {
    query: [
      'select «select» from Products«where»«order»«limit»«end»',
      'SELECT «select» FROM Products WHERE «condition»«order»«limit»«end»',
      'select vendorname, phone from Vendors«limit»«end»',
      'select count(*) from «module»«end»',
      "select * from Vendors where vendorname like 'Vendor%'«limit»«end»",
      'select «order-select» from Orders«order-where»«order-order»«limit»«end»',
      'select distinct «order-select» from Orders«order-where»«order-order»«limit»«end»',
    ],
    'order-select': ['*', '«order-field»', '«order-field», «order-field»', 'count(*)', '«order-field», «order-path»'],
    'order-where': ['', ' where «order-condition»', ' where «order-condition»'],
    'order-condition': [
      '«order-comparison»',
      '«order-comparison» and «order-condition»',
      '«order-comparison» or «order-condition»',
      'not («order-condition»)',
    ],
    'order-comparison': [
      "product_id.productname like '«pattern»'",
      "party_id.vendorname = 'Vendor «digit»'",
      'party_id.productname is not null',
      'amount «operator» «number»',
      'product_id.quantity «operator» «digit»',
      "product_id.vendor_id.vendorname in ('Vendor «digit»', '')",
      "parent_id.order_no «operator» 'SO-«digit»'",
      'parent_id is null',
      "related.Products = '14x«digit»«digit»'",
      'related.Vendors = 18x«digit»',
      'not related.Orders = 15x30«digit»',
      '«order-field» is null',
      "«order-path» = '«text»'",
      "«order-path» like '«pattern»'",
    ],
    'order-order': ['', ' order by «order-field»', ' order by «order-path» desc, «order-field»'],
    module: ['Products', 'Vendors', 'Orders', 'Users', 'Groups', 'Workflow', 'BusinessMaps', 'Nope', 'sqlite_master'],
    select: [
      '*',
      'count(*)',
      '«field»',
      '«field», «field»',
      'id, productname',
      '«field», «path»',
      '«path», «path», «field»',
    ],
    where: ['', ' where «condition»', ' where «condition»'],
    condition: [
      '«comparison»',
      '«comparison»',
      '«comparison» and «condition»',
      '«comparison» or «condition»',
      '(«condition»)',
      'not («condition»)',
      'not «comparison»',
    ],
    comparison: [
      "productname «operator» '«text»'",
      "serial_no «operator» 'SN-«digit»'",
      'unit_price «operator» «number»',
      'quantity «operator» «digit»',
      "discontinued = '«bit»'",
      "sales_start «operator» '2026-0«digit»-15'",
      "checked_at «operator» '2026-03-0«digit» 10:20:30'",
      "productname like '«pattern»'",
      "«field» like '«pattern»'",
      'vendor_id = 18x«digit»',
      "vendor_id in ('18x«digit»', '18x1«digit»')",
      'unit_price in («number», «number», «number»)',
      "serial_no not in ('SN-«digit»', '')",
      '«field» is null',
      '«field» is not null',
      "id «operator» '14x«digit»«digit»'",
      "createdtime «operator» '2026-01-01 00:00:00'",
      "«field» = '«text»'",
      "assigned_user_id = '19x1'",
      "«path» = '«text»'",
      "«path» like '«pattern»'",
      '«path» is not null',
      "vendor_id.vendorname «operator» 'Vendor «digit»'",
      "assigned_user_id.user_name = 'admin'",
      'related.Vendors = 18x«digit»',
    ],
    operator: ['=', '!=', '<>', '<', '<=', '>', '>='],
    number: ['«digit»', '«digit».25', '-«digit»', '«digit»e2', '«digit»«digit»«digit»«digit»«digit»'],
    bit: ['0', '1'],
    pattern: ['Bolt%', '%«digit»', '%«text»%', '_olt%', '%', '\\\\%', '%_%', '2026%'],
    order: [
      '',
      '',
      ' order by «field»',
      ' order by «field» desc',
      ' order by «field» asc, «field» desc',
      ' order by «path»',
    ],
    limit: ['', ' limit «digit»', ' limit «digit» offset «digit»', ' limit «digit», «digit»«digit»', ' limit 10000'],
    end: ['', ';', ' ; '],
  },
  word,
);

/** Words that mean something in a query, to it or to SQL. */
export const QUERY_WORDS: readonly string[] = [
  ...FIELDS,
  ...PRODUCT_PATHS,
  ...ORDER_PATHS,
  ...'select from where and or not like in is null order by asc desc limit count ( ) , ; = <> * % _ . distinct related offset Products Vendors Orders Users'.split(
    ' ',
  ),
  ...'union insert update delete drop pragma attach vacuum exists between case when cast glob match -- /* */ || sqlite_master rowid'.split(
    ' ',
  ),
];

function word(random: Random, rule: string): string | undefined {
  switch (rule) {
    case 'digit':
      return String(random.below(10));
    case 'field':
      return random.pick(FIELDS);
    case 'path':
      return random.pick(PRODUCT_PATHS);
    case 'order-field':
      return random.pick(ORDER_FIELDS);
    case 'order-path':
      return random.pick(ORDER_PATHS);
    case 'text':
      return inQuotes(random.oneIn(3) ? random.pick(['Bolt 1', 'Bolt 12', 'SN-4', '18x3']) : injected(random));
    default:
      return undefined;
  }
}

function injected(random: Random): string {
  return random.oneIn(4) ? hostileText(random) : random.pick(INJECTIONS);
}

/** A value as it is written between quotes by somebody who knows how. */
export function inQuotes(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\u0000', '').toWellFormed();
}
