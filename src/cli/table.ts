import { cut, displayWidth, oneLine, padEnd, padStart } from './text-layout.ts';

/** The columns that all output fits into. */
export const PAGE_WIDTH = 110;

/** One column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The column that gives way when a line is too wide: its cells are cut. At most one column. */
  readonly gives?: boolean;
}

const GAP = 2;
const NARROWEST = 12;

/** Lines of a table, its titles first unless all are empty; cells are made printable, no line is wider than `width`. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number = PAGE_WIDTH,
): string[] {
  const titles = columns.map((column) => column.title);
  const cells = rows.map((row) => row.map(oneLine));
  const shown = titles.some((title) => title !== '') ? [titles, ...cells] : cells;
  const widths = fitWidths(
    columns,
    columns.map((_, index) => Math.max(0, ...shown.map((row) => displayWidth(row[index] ?? '')))),
    width,
  );
  return shown.map((row) => cut(renderRow(columns, row, widths), width));
}

function fitWidths(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const excess = natural.reduce((sum, one) => sum + one + GAP, -GAP) - width;
  return natural.map((one, index) =>
    excess > 0 && columns[index]?.gives === true ? Math.max(Math.min(one, NARROWEST), one - excess) : one,
  );
}

function renderRow(columns: readonly Column[], row: readonly string[], widths: readonly number[]): string {
  return columns
    .map((column, index) => {
      const cellWidth = widths[index] ?? 0;
      const cell = cut(row[index] ?? '', cellWidth);
      return column.align === 'right' ? padStart(cell, cellWidth) : padEnd(cell, cellWidth);
    })
    .join(' '.repeat(GAP))
    .trimEnd();
}
