/** A figure as it is shown: with separators and this many digits after the point. */
export function format(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The cell of a table: a figure, or nothing where a run did not measure it. */
export function cell(value: number | undefined, digits = 0): string {
  return value === undefined ? '' : format(value, digits);
}

/** The runs that measured this figure, with it: the bars of the plot. */
export function barsOf(
  figures: Map<string, Record<string, number>>,
  name: string,
): [run: string, value: number][] {
  return [...figures].flatMap(([run, row]) => {
    const value = row[name];
    return value === undefined ? [] : [[run, value]];
  });
}
