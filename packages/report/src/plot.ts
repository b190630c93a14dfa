/** Lines over one x axis, with the events of that time. */
export type Plot = {
  title: string;
  /** The unit of all values: `ms`, `answers/s`. */
  unit: string;
  /** The unit of x: `seconds`, `replicas`. */
  xUnit: string;
  /** In ascending order. */
  x: number[];
  /** Each with as many values as `x`. */
  series: Series[];
  marks?: Mark[];
};

/** A line; null is a gap in it. */
export type Series = { label: string; values: (number | null)[] };

/** An event or a fault from one x to another; without `to` it is a single moment. */
export type Mark = { label: string; from: number; to?: number };

/** @throws {RangeError} when a series has more or fewer values than there are on the x axis, or x does not ascend. */
export function checkPlot({ title, x, series }: Plot): void {
  for (const { label, values } of series) {
    if (values.length !== x.length)
      throw new RangeError(`${title}: ${label} has ${values.length} values for ${x.length} of x`);
  }
  if (x.some((value, index) => index > 0 && !(value > x[index - 1]!)))
    throw new RangeError(`${title}: x does not ascend`);
}
