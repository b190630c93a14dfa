import { type Chart, type Charts, type Line, mostLines } from '../../shared/charts.ts';
import type { Definition } from './definitions.ts';

/** In seconds. Prometheus has no newer sample of the shop's own programs. */
const step = 15;
const length = 15 * 60;

/** A matrix, as `/api/v1/query_range` has it: labels, and pairs of a time in seconds and a value. */
export interface MatrixAnswer {
  result: { metric: Record<string, string>; values: [number, string][] }[];
}

/** Seconds since the epoch. */
export interface Window {
  start: number;
  end: number;
}

/** The 15 minutes until now. They begin at a whole step: the same moments are asked for again and again. */
export function windowAt(nowMs: number): Window {
  const end = Math.floor(nowMs / 1_000 / step) * step;
  return { start: end - length, end };
}

/** One question for all charts, as a path of Prometheus' API: each series of the answer has its chart as a label. */
export function questionFor(definitions: Definition[], { start, end }: Window): string {
  const query = definitions
    .map((chart) => `label_replace(${chart.query}, "chart", "${chart.id}", "", "")`)
    .join(' or ');
  return `/query_range?${new URLSearchParams({ query, start: `${start}`, end: `${end}`, step: `${step}` })}`;
}

/** @param nameOf gives the name of the container with that address, or what it was given. */
export function chartsOf(
  definitions: Definition[],
  { result }: MatrixAnswer,
  { start, end }: Window,
  nameOf: (name: string) => string,
): Charts {
  const count = (end - start) / step + 1;
  const times = Array.from({ length: count }, (_, index) => (start + index * step) * 1_000);
  const charts = definitions.map(({ query: _, ...chart }): Chart => {
    const lines = new Map<string, Line>();
    for (const { metric, values } of result) {
      if (metric.chart !== chart.id || values.every(([, value]) => !isFigure(value))) continue;
      const name = nameOf(metric.name ?? '');
      // A container that came back with another address goes on with its line.
      const line = lines.get(name) ?? { name, values: Array(count).fill(null) };
      lines.set(name, line);
      for (const [time, value] of values)
        if (isFigure(value)) line.values[Math.round((time - start) / step)] = Number(value);
    }
    const kept = [...lines.values()].toSorted((a, b) => sumOf(b) - sumOf(a)).slice(0, mostLines);
    return { ...chart, lines: kept.toSorted(byName), leftOut: lines.size - kept.length };
  });
  return { times, charts };
}

/** Without any request, Prometheus divides zero by zero. */
const isFigure = (value: string) => Number.isFinite(Number(value));
const sumOf = ({ values }: Line) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

const collator = new Intl.Collator('en', { numeric: true });
const byName = (a: Line, b: Line) => collator.compare(a.name, b.name);
