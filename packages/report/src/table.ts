import { markdownTable } from 'markdown-table';

/** A column's heading; `right` aligns the cells to the right, for numbers. */
export type Column = string | { head: string; right: true };

/** The content of a cell: a number as JavaScript writes it, nothing for `null`. */
export type Cell = string | number | null;

/**
 * A table in Markdown whose columns are padded to the same width, so that a terminal shows it as well.
 * @throws {RangeError} when a row has more or fewer cells than there are columns.
 */
export function table(columns: Column[], rows: Cell[][]): string {
  for (const row of rows) {
    if (row.length !== columns.length)
      throw new RangeError(`a row of ${row.length} cells in a table of ${columns.length}: ${row.join(', ')}`);
  }
  const heads = columns.map((column) => (typeof column === 'string' ? column : column.head));
  const align = columns.map((column) => (typeof column === 'string' ? 'l' : 'r'));
  return markdownTable([heads, ...rows.map((row) => row.map(written))], { align });
}

/** A column of numbers. */
export const right = (head: string): Column => ({ head, right: true });

/** A bar or a line break inside a cell would break the table. */
function written(cell: Cell): string {
  return String(cell ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
}
