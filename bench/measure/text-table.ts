/** One column: its title, and how wide it is; set to the right unless it says `left`. */
export type Column = readonly [title: string, width: number, set?: 'left'];

/** A table for people; at most 110 columns wide when its columns are. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(([title]) => title), ...rows].map((cells) =>
    columns.map(([, width, set], index) => {
      const cell = cells[index] ?? '';
      return set === 'left' ? cell.padEnd(width) : cell.padStart(width);
    }),
  );
  return lines.map((cells) => cells.join('').trimEnd()).join('\n');
}

/** With this many digits after the point; a dash for what was not measured. */
export function digits(value: number | undefined, count: number): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(count);
}
