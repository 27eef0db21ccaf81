import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** A fenced block of a page. */
export interface Block {
  /** The first word after the fence: `sh`, `xml`, `text` ... */
  readonly language: string;
  /** The words after it. Readers of the rendered page do not see them. */
  readonly words: readonly string[];
  /** Without the line break before the closing fence. */
  readonly text: string;
  /** Where it begins, for messages: `docs/maps.md:12`. */
  readonly at: string;
}

/** A table of a page. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
  readonly at: string;
}

export interface TableRow {
  readonly cells: readonly string[];
  readonly at: string;
}

const PAGES = new URL('../../docs/', import.meta.url);

/** The text of a page in docs/. */
export function pageText(name: string): string {
  return readFileSync(new URL(name, PAGES), 'utf8');
}

/** The fenced blocks of a page, in order. */
export function blocksOf(name: string): Block[] {
  const blocks: Block[] = [];
  let open: { readonly info: string; readonly at: string; readonly lines: string[] } | undefined;
  for (const [index, line] of pageText(name).split('\n').entries()) {
    const fence = /^```(.*)$/u.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { info: fence[1] ?? '', at: `docs/${name}:${index + 1}`, lines: [] };
    else {
      const [language = '', ...words] = open.info.trim().split(/\s+/u);
      blocks.push({ language, words, text: open.lines.join('\n'), at: open.at });
      open = undefined;
    }
  }
  assert.equal(open, undefined, `${open?.at}: this block is not closed`);
  return blocks;
}

/** The tables of a page whose header has these titles. Text inside of fenced blocks is no table. */
export function tablesOf(name: string, header: readonly string[]): Table[] {
  const tables: Table[] = [];
  let rows: TableRow[] | undefined;
  let inBlock = false;
  for (const [index, line] of pageText(name).split('\n').entries()) {
    if (line.startsWith('```')) inBlock = !inBlock;
    const cells = inBlock || !line.startsWith('|') ? undefined : cellsOf(line);
    const at = `docs/${name}:${index + 1}`;
    if (cells === undefined) rows = undefined;
    else if (rows === undefined) {
      rows = [];
      tables.push({ header: cells, rows, at });
    } else if (!cells.every((cell) => /^:?-+:?$/u.test(cell))) rows.push({ cells, at });
  }
  return tables.filter((table) => table.header.join('|') === header.join('|'));
}

/** A `|` inside of a cell is written `\|`. */
function cellsOf(line: string): string[] {
  const inner = line.replace(/^\|/u, '').replace(/\|\s*$/u, '');
  return inner.split(/(?<!\\)\|/u).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** What stands in a code span that is a whole cell: of `` `{{` `` the two braces. */
export function codeIn(cell: string, at: string): string {
  const double = /^``\s?(.*?)\s?``$/u.exec(cell)?.[1];
  const single = /^`([^`]*)`$/u.exec(cell)?.[1];
  return double ?? single ?? assert.fail(`${at}: "${cell}" is to be code`);
}
