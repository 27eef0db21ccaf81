import { escapeXmlText } from '../../escape.ts';
import { formatPhpDate } from '../date/php-date.ts';
import { showDateTime } from '../display/date-display.ts';
import { showValue } from '../display/value-display.ts';
import type { LegacyViewer } from '../display/viewer.ts';
import type { LegacyEnvironment } from '../environment.ts';
import type { LegacyModule, LegacyRow } from '../services.ts';
import { type CommentList, type CommentPart, type MetaList, moduleOfList, type RowList } from './meta-list-name.ts';
import { viewerOfRecord } from './shown-value.ts';

/** The columns of an order's lines when nothing is said, besides the name of what is sold. */
const LINE_FIELDS = ['quantity', 'listprice', 'extgross', 'linetotal'];
/** What is sold, under the names by which templates ask for it. */
const SOLD = new Set(['productname', 'servicename', 'pdoname']);

/**
 * A list of records as a template writes it, values as the person sees them to whom the record is assigned. Empty when
 * there is no record, or no such module. Rejects with EXPRESSION_TOO_LARGE when there are more than a function may look through.
 */
export async function renderMetaList(list: MetaList, environment: LegacyEnvironment): Promise<string> {
  const { recordId, services } = environment;
  const module = services.records.module(moduleOfList(list));
  if (recordId === undefined || module === undefined) return '';
  const viewer = await viewerOfRecord(environment, environment.record);
  const reading: Reading = { environment, module, viewer };
  return list.kind === 'comments' ? renderComments(list, recordId, reading) : renderRows(list, recordId, reading);
}

interface Reading {
  readonly environment: LegacyEnvironment;
  readonly module: LegacyModule;
  readonly viewer: LegacyViewer;
}

async function renderComments(list: CommentList, recordId: string, reading: Reading): Promise<string> {
  const { environment, module } = reading;
  const comments = await environment.services.records.find({
    module: module.name,
    conditions: [],
    relatedTo: recordId,
    order: [{ field: 'createdtime', descending: list.newestFirst }],
    limit: list.limit,
  });
  const texts: string[] = [];
  for (const comment of comments) {
    const cells: Cell[] = [];
    for (const part of list.parts) {
      cells.push({ name: `comment${part}`, text: await commentPart(comment, part, { list, reading }) });
    }
    texts.push(commentText(cells, list.layout));
  }
  return list.layout === 'text' ? texts.join('') : `<div class="comments">${texts.join('')}</div>`;
}

interface Cell {
  readonly name: string;
  readonly text: string;
}

function commentText(cells: readonly Cell[], layout: CommentList['layout']): string {
  if (layout === 'text') return cells.map(({ text }) => (cells.length === 1 ? text : `${text}\n`)).join('');
  const tag = layout === 'html' ? 'li' : 'td';
  const inner = cells.map((cell) => element(tag, cell)).join('');
  return layout === 'html'
    ? `<div class="commentdetails"><ul class="commentfields">${inner}</ul></div>`
    : `<table class="commentdetails"><tr class="commentfields">${inner}</tr></table>`;
}

function element(tag: 'li' | 'td', { name, text }: Cell): string {
  return `<${tag} class="${name}">${escapeXmlText(text)}</${tag}>`;
}

async function commentPart(
  { fields }: LegacyRow,
  part: CommentPart,
  { list, reading }: { readonly list: CommentList; readonly reading: Reading },
): Promise<string> {
  const { environment, viewer } = reading;
  switch (part) {
    case 'comment':
      return fields['commentcontent'] ?? '';
    case 'creator': {
      const id = fields['creator'] ?? fields['assigned_user_id'] ?? '';
      return id === '' ? '' : ((await environment.services.records.displayName(id)) ?? '');
    }
    case 'date': {
      const at = fields['createdtime'] ?? '';
      if (list.dateFormat === undefined) return showDateTime(at, viewer);
      return formatPhpDate(
        Date.parse(`${at.replace(' ', 'T')}Z`),
        environment.services.clock.timeZone,
        list.dateFormat,
      );
    }
  }
}

/** One `<ul>` for all of them, as in the original, which had one row for all of a table, too: here, and as text, each has its own. */
async function renderRows(list: RowList, recordId: string, reading: Reading): Promise<string> {
  const { environment, module } = reading;
  const search = { module: module.name, conditions: [], relatedTo: recordId };
  const rows = await environment.services.records.find(search);
  const columns = columnsOf(list, module);
  const named = list.kind === 'lines' ? 'inventorydetails' : 'relatedlist';
  const lines: string[] = [];
  for (const row of rows) {
    const texts: string[] = [];
    for (const column of columns) texts.push(await columnText(row, column, reading));
    const cells = texts.map((text) => ({ name: `${named}field`, text }));
    if (list.layout === 'text') lines.push(`${texts.join(' ')}\n`);
    else lines.push(cells.map((cell) => element(list.layout === 'html' ? 'li' : 'td', cell)).join(''));
  }
  if (list.layout === 'text') return lines.join('');
  if (list.layout === 'html') return `<div class="${named}"><ul class="${named}fields">${lines.join('')}</ul></div>`;
  const body = lines.map((line) => `<tr class="${named}fields">${line}</tr>`).join('');
  return `<table class="${named}">${body}</table>`;
}

function columnsOf({ kind, fields }: RowList, { title }: LegacyModule): readonly string[] {
  if (kind === 'related') return fields.length === 0 ? [title] : fields;
  const wanted = fields.length === 0 ? LINE_FIELDS : fields.filter((field) => !SOLD.has(field));
  return ['productname', ...wanted];
}

async function columnText({ fields }: LegacyRow, column: string, reading: Reading): Promise<string> {
  const { environment, module, viewer } = reading;
  const { records } = environment.services;
  const sold = column === 'productname' && !Object.hasOwn(fields, column) ? fields['productid'] : undefined;
  if (sold !== undefined) return (await records.displayName(sold)) ?? '';
  const stored = Object.hasOwn(fields, column) ? (fields[column] ?? '') : '';
  const type = module.fields.get(column)?.type;
  if (type === 'reference' || type === 'owner') return stored === '' ? '' : ((await records.displayName(stored)) ?? '');
  return column === 'createdtime' || column === 'modifiedtime'
    ? showDateTime(stored, viewer)
    : showValue(stored, type, viewer);
}
