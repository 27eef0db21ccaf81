/** How a list of records is written: as `<ul>` or `<table>`, or as plain lines. */
export type ListLayout = 'html' | 'table' | 'text';

export interface CommentList {
  readonly kind: 'comments';
  /** Undefined: all of them. */
  readonly limit: number | undefined;
  readonly newestFirst: boolean;
  readonly layout: ListLayout;
  readonly parts: readonly CommentPart[];
  /** A format of PHP's `date`; undefined writes dates as the reader sees them. */
  readonly dateFormat: string | undefined;
}

export type CommentPart = 'creator' | 'date' | 'comment';

/** The lines of a quote, an order or an invoice, or the records of a module that are related with the record. */
export interface RowList {
  readonly kind: 'lines' | 'related';
  readonly module: string;
  readonly layout: ListLayout;
  /** Empty: those that the list has when nothing is said. */
  readonly fields: readonly string[];
}

export type MetaList = CommentList | RowList;

const COMMENTS = 'ModComments';
const LINES = 'InventoryDetails';
const ALL_PARTS: readonly CommentPart[] = ['creator', 'date', 'comment'];

/**
 * The list that a name of `__VtigerMeta__` stands for: `comments_5d_table_creator`, `inventorydetails_text_quantity,linetotal`,
 * `RelatedList_Contacts_html_firstname,lastname`. Undefined for other names, and for a related list with a map.
 */
export function metaListOf(name: string): MetaList | undefined {
  if (/^comments(?:_|$)/u.test(name)) return commentsOf(name.split('_').slice(1));
  if (/^inventorydetails(?:_|$)/u.test(name)) return rowsOf('lines', LINES, name.split('_').slice(1));
  const [start, module = '', ...rest] = name.split('_');
  // Which records a map leaves in the list is not known here.
  if (start !== 'RelatedList' || module === '' || / bmap_/u.test(name)) return undefined;
  return rowsOf('related', module, rest);
}

/** The module whose records the list holds. */
export function moduleOfList(list: MetaList): string {
  return list.kind === 'comments' ? COMMENTS : list.module;
}

function commentsOf([count = '', layout, ...field]: readonly string[]): CommentList {
  const [, digits = '', order = ''] = /^(\d{0,6})(\D*)$/u.exec(count) ?? [];
  const part = field.join('_');
  const [, dateFormat = ''] = /^date(.+)$/u.exec(part) ?? [];
  const wanted = dateFormat === '' ? part.toLowerCase() : 'date';
  const known = ALL_PARTS.find((one) => one === wanted);
  return {
    kind: 'comments',
    limit: Number(digits) > 0 ? Number(digits) : undefined,
    newestFirst: order.toLowerCase() === 'd',
    layout: layoutOf(layout),
    parts: known === undefined ? ALL_PARTS : [known],
    dateFormat: dateFormat === '' ? undefined : dateFormat,
  };
}

function rowsOf(kind: RowList['kind'], module: string, [layout, ...fields]: readonly string[]): RowList {
  const names = fields
    .join('_')
    .split(',')
    .map((field) => field.trim().replace(/^vtiger_\w+\./u, ''))
    .filter((field) => field !== '' && field !== '*');
  return { kind, module, layout: layoutOf(layout), fields: [...new Set(names)] };
}

function layoutOf(written = ''): ListLayout {
  const layout = written.toLowerCase();
  return layout === 'table' || layout === 'text' ? layout : 'html';
}
