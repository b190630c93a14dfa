import plotLines, { type Point } from 'simple-ascii-chart';
import { checkPlot, type Plot, type Series } from './plot.ts';

export type TextPlotSize = { width?: number; height?: number };

/**
 * A plot for a terminal: each series has its own panel, because a log has no colours to tell them apart. A mark is a
 * vertical line where it begins, named below the last panel. @throws {RangeError} when a series does not fit the x
 * axis.
 */
export function textPlot(plot: Plot, { width = 72, height = 10 }: TextPlotSize = {}): string {
  checkPlot(plot);
  const { title, xUnit, x, series, marks = [] } = plot;
  if (x.length === 0) return `${title}: no values`;
  const panels = series.map((line) => panelOf(plot, line, { width, height }));
  const named = marks.map(({ label, from, to }) => {
    const end = to === undefined ? '' : ` to ${number(to)}`;
    return `┃ ${label}: ${number(from)}${end} ${xUnit}`;
  });
  return [title, ...panels, ...named].join('\n');
}

function panelOf(plot: Plot, { label, values }: Series, { width, height }: Required<TextPlotSize>): string {
  const { unit, xUnit, x, marks = [] } = plot;
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${label}: no values`;
  const most = Math.max(...known, 0);
  const least = Math.min(...known, 0);
  // A line of zeros has no height.
  const range: Point = most === least ? [0, 1] : [least, most];
  const chart = plotLines(segmentsOf(x, values), {
    width,
    height,
    title: `${label}, ${unit}`,
    xLabel: xUnit,
    yRange: range,
    customYAxisTicks: [...new Set([least, 0, most / 2, most])],
    customXAxisTicks: ticksOf(x),
    thresholds: marks.map(({ from }) => ({ x: from })),
    formatter: number,
  });
  return chart
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .join('\n');
}

/** The stretches of a line between its gaps. */
function segmentsOf(x: number[], values: (number | null)[]): Point[][] {
  const segments: Point[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) segments.push([]);
    else segments.at(-1)!.push([x[index]!, value]);
  }
  return segments.filter(({ length }) => length > 0);
}

/** Five values of x at most, the first and the last among them. */
function ticksOf(x: number[]): number[] {
  const step = (x.length - 1) / Math.min(4, Math.max(1, x.length - 1));
  return [
    ...new Set(Array.from({ length: 5 }, (_, tick) => x[Math.min(x.length - 1, Math.round(tick * step))]!)),
  ];
}

/** Three digits: the axis has no room for more. */
const number = (value: number) =>
  (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))).toString();
