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

/** Queries over the products of the stocked install; `condition` and what follows `where` stand by themselves. */
export const QUERY_GRAMMAR = new Grammar(
  {
    query: [
      'select «select» from Products«where»«order»«limit»«end»',
      'SELECT «select» FROM Products WHERE «condition»«order»«limit»«end»',
      'select vendorname, phone from Vendors«limit»«end»',
      'select count(*) from «module»«end»',
      "select * from Vendors where vendorname like 'Vendor%'«limit»«end»",
    ],
    module: ['Products', 'Vendors', 'Users', 'Nope', 'sqlite_master'],
    select: ['*', 'count(*)', '«field»', '«field», «field»', 'id, productname', '«field», «field», «field»'],
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
    ],
    operator: ['=', '!=', '<>', '<', '<=', '>', '>='],
    number: ['«digit»', '«digit».25', '-«digit»', '«digit»e2', '«digit»«digit»«digit»«digit»«digit»'],
    bit: ['0', '1'],
    pattern: ['Bolt%', '%«digit»', '%«text»%', '_olt%', '%', '\\\\%', '%_%', '2026%'],
    order: ['', '', ' order by «field»', ' order by «field» desc', ' order by «field» asc, «field» desc'],
    limit: ['', ' limit «digit»', ' limit «digit», «digit»«digit»', ' limit 10000'],
    end: ['', ';', ' ; '],
  },
  word,
);

/** Words that mean something in a query, to it or to SQL. */
export const QUERY_WORDS: readonly string[] = [
  ...FIELDS,
  ...'select from where and or not like in is null order by asc desc limit count ( ) , ; = <> * % _ Products Vendors Users'.split(
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
