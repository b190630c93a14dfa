import { htmlPage } from '@shop/report/html-plot.ts';
import type { Provenance } from '@shop/report/provenance.ts';
import type { Verdict } from '../checkers/judge.ts';
import type { Run } from '../scenarios/run.ts';
import { type FaultFigures, timelineOf } from './figures.ts';
import { faultTable } from './text.ts';

/** One page without other files: three plots over time, each with the faults marked, and the verdict. */
export function htmlReport(
  run: Run,
  verdict: Verdict,
  figures: FaultFigures[],
  provenance: Provenance,
): string {
  const { history, name, seed } = run;
  const buckets = timelineOf(history);
  const marks = history.faults.map(({ what, at, until = at }) => ({
    label: what,
    from: (at - history.startedAt) / 1_000,
    to: (until - history.startedAt) / 1_000,
  }));
  const overTime = { xUnit: 'seconds', x: buckets.map(({ fromMs }) => fromMs / 1_000), marks };
  const lines = [
    ...verdict.kept.map((line) => `✔ ${line}`),
    ...verdict.objections.map((line) => `✘ ${line}`),
  ];
  return htmlPage({
    title: name,
    intro: `Seed ${seed}, ${history.operations.length} operations. A shaded stretch is a fault: from the strike until it was undone and recovered from.`,
    provenance,
    plots: [
      {
        ...overTime,
        title: 'Answers per second',
        unit: '/s',
        series: [{ label: 'answers', values: buckets.map(({ perSecond }) => perSecond) }],
      },
      {
        ...overTime,
        title: 'Latency',
        unit: 'ms',
        series: [
          { label: 'p50', values: buckets.map(({ p50Ms }) => p50Ms) },
          { label: 'p99', values: buckets.map(({ p99Ms }) => p99Ms) },
        ],
      },
      {
        ...overTime,
        title: 'Errors per second',
        unit: '/s',
        series: [{ label: 'errors', values: buckets.map(({ errorsPerSecond }) => errorsPerSecond) }],
      },
    ],
    notes: [
      { title: 'Each fault', text: faultTable(figures) },
      { title: 'What the checkers say', text: lines.join('\n') },
    ],
  });
}
