import type { PiecewiseWork } from '../../core/in-slices.ts';
import type { Json } from '../../core/json.ts';
import type { CsvForm } from '../../catalog/compiled-map.ts';

/** Rows that are read at once. */
const PIECE = 256;
const SEPARATORS = [',', ';', '\t'] as const;

/**
 * Rows as RFC 4180 writes them: a list of objects by the names of the first row, or a list of lists. Lines may end in any
 * way, rows may be shorter or longer than the first, and empty lines are none. Undefined when a quote is not closed, or
 * something stands behind a closing one.
 */
export function* readCsv(text: string, form: CsvForm): PiecewiseWork<Json | undefined> {
  const separator = form.separator ?? mostUsed(text);
  const rows: Json[] = [];
  let names: readonly string[] | undefined;
  const place = { at: text.codePointAt(0) === BYTE_ORDER_MARK ? 1 : 0 };
  for (let read = 1; place.at < text.length; read++) {
    if (read % PIECE === 0) yield;
    const row = readRow(text, place, separator);
    if (row === undefined) return undefined;
    if (row.length === 1 && row[0] === '') continue;
    if (!form.hasHeader) rows.push(row);
    else if (names === undefined) names = row.map((name) => name.trim());
    else rows.push(named(names, row));
  }
  return rows;
}

const BYTE_ORDER_MARK = 0xfeff;

/** Cells beyond the named ones are left out, and so are those that a short row does not have. */
function named(names: readonly string[], row: readonly string[]): Json {
  return Object.fromEntries(names.flatMap((name, index) => (index < row.length ? [[name, row[index] ?? '']] : [])));
}

/** The cells from `place` to the end of the row; `place` is behind it then. */
function readRow(text: string, place: { at: number }, separator: string): string[] | undefined {
  const row: string[] = [];
  for (;;) {
    const cell = text[place.at] === '"' ? readQuoted(text, place) : readPlain(text, place, separator);
    if (cell === undefined) return undefined;
    row.push(cell);
    const next = text[place.at];
    if (next === separator) {
      place.at++;
      continue;
    }
    if (next !== undefined && next !== '\r' && next !== '\n') return undefined;
    place.at += next === '\r' && text[place.at + 1] === '\n' ? 2 : 1;
    return row;
  }
}

function readPlain(text: string, place: { at: number }, separator: string): string {
  const start = place.at;
  while (place.at < text.length && text[place.at] !== separator && !isLineEnd(text[place.at])) place.at++;
  return text.slice(start, place.at);
}

function isLineEnd(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

/** Two quotes stand for one. */
function readQuoted(text: string, place: { at: number }): string | undefined {
  const start = place.at + 1;
  for (let from = start; ;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return undefined;
    if (text[quote + 1] === '"') {
      from = quote + 2;
      continue;
    }
    place.at = quote + 1;
    return text.slice(start, quote).replaceAll('""', '"');
  }
}

/** The separator that the first row has most of outside of quotes. */
function mostUsed(text: string): string {
  const [first = ''] = text
    .slice(0, 64 * 1024)
    .replaceAll(/"(?:[^"]|"")*"/gu, '')
    .split(/[\r\n]/u);
  const counts = SEPARATORS.map((separator) => first.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}
