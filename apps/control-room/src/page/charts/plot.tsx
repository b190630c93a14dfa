import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import UPlot from 'uplot';
import type { Chart } from '../../shared/charts.ts';
import { useWidth } from '../use-width.ts';
import { amount } from './words.ts';

const height = 150;
/** Lines differ in their dashes, too: not every reader can tell their colours apart. */
export const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [12, 3, 2, 3], [5, 5], [1, 2]];

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

type Props = {
  chart: Chart;
  /** Milliseconds since the epoch. */
  times: number[];
  /** Has an element of class `swatch` in the colour of each line. */
  legend: RefObject<HTMLElement | null>;
  /** Called with the index of the time under the pointer, on this chart or another. */
  onPoint: (index: number | undefined) => void;
  /** Above the lines, over exactly their area. */
  children: ReactNode;
};

/** The lines on a canvas, decoration beside the legend. Other lines need another element (`key`). */
export function Plot({ chart, times, legend, onPoint, children }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const plot = useRef<UPlot>(undefined);
  const [area, setArea] = useState<HTMLElement>();
  const data = [
    times.map((ms) => ms / 1_000),
    ...chart.lines.map(({ values }) => values),
  ] as UPlot.AlignedData;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the next two effects pass changes on
  useEffect(() => {
    const swatches = () => legend.current!.querySelectorAll('.swatch');
    const colours = {
      line: (index: number) => getComputedStyle(swatches()[index]!).color,
      text: () => getComputedStyle(frame.current!).color,
      grid: () => getComputedStyle(frame.current!).outlineColor,
    };
    const made = new UPlot(optionsFor(chart, colours, onPoint), data, frame.current!);
    plot.current = made;
    setArea(made.over);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => made.redraw();
    dark.addEventListener('change', redraw);
    return () => {
      dark.removeEventListener('change', redraw);
      made.destroy();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer has other times
  useEffect(() => plot.current!.setData(data), [times]);
  useEffect(() => {
    if (width > 0) plot.current!.setSize({ width, height });
  }, [width]);

  return (
    <div ref={frame} className="plot" aria-hidden>
      {area && createPortal(children, area)}
    </div>
  );
}

type Colours = { line: (index: number) => string; text: () => string; grid: () => string };

/** The end of a scale. `amount` shows two digits after the point, so the marks of a smaller scale would all be 0. */
const topOf = (highest: number) => (highest > 0 ? Math.max(highest * 1.1, 0.1) : 1);

function optionsFor(chart: Chart, colours: Colours, onPoint: Props['onPoint']): UPlot.Options {
  const font = '12px "Figtree Variable", sans-serif';
  const line = { width: 1, stroke: colours.grid };
  const axis = { stroke: colours.text, font, grid: line, ticks: { ...line, size: 4 } };
  return {
    width: 300,
    height,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, sync: { key: 'charts' } },
    scales: { y: { range: (_, __, highest) => [0, chart.top ?? topOf(highest)] } },
    axes: [
      {
        ...axis,
        size: 26,
        space: 60,
        values: (_, seconds) => seconds.map((each) => clock.format(each * 1_000)),
      },
      { ...axis, size: 46, space: 32, values: (_, values) => values.map(amount) },
    ],
    series: [
      {},
      ...chart.lines.map(
        (_, index): UPlot.Series => ({
          stroke: () => colours.line(index),
          width: 1.75,
          dash: [...dashes[index]!],
          points: { size: 4 },
        }),
      ),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
}
