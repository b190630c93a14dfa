import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Verdict } from '../checkers/judge.ts';
import type { Run } from '../scenarios/run.ts';
import { type FaultFigures, timelineOf } from './figures.ts';
import { faultTable } from './text.ts';

const uplot = (file: string) =>
  readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${file}`), 'utf8');
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
/** As JSON that can stand inside a script element. */
const data = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');

/** One page that needs nothing beside itself: three plots over time, each with the faults marked, and the verdict. */
export function htmlReport(run: Run, verdict: Verdict, figures: FaultFigures[]): string {
  const { history, name, seed } = run;
  const buckets = timelineOf(history);
  const columns = {
    seconds: buckets.map(({ fromMs }) => fromMs / 1_000),
    perSecond: buckets.map(({ perSecond }) => perSecond),
    p50: buckets.map(({ p50Ms }) => p50Ms),
    p99: buckets.map(({ p99Ms }) => p99Ms),
    errors: buckets.map(({ errorsPerSecond }) => errorsPerSecond),
  };
  const marks = history.faults.map(({ what, at, until = at }) => ({
    what,
    from: (at - history.startedAt) / 1_000,
    to: (until - history.startedAt) / 1_000,
  }));
  const lines = [
    ...verdict.kept.map((line) => `✔ ${line}`),
    ...verdict.objections.map((line) => `✘ ${line}`),
  ];
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escaped(name)}, seed ${seed}</title>
<style>${uplot('uPlot.min.css')}
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2rem auto; padding: 0 1rem; color: #1c2530 }
pre { overflow: auto; background: #f4f6f8; padding: 1rem; border-radius: 6px; font-size: 13px }
</style>
<h1>${escaped(name)}</h1>
<p>Seed ${seed}, ${history.operations.length} operations. A shaded stretch is a fault: from the strike until it was undone
and recovered from.</p>
<div id="plots"></div>
<h2>Each fault</h2><pre>${escaped(faultTable(figures))}</pre>
<h2>What the checkers say</h2><pre>${escaped(lines.join('\n'))}</pre>
<script>${uplot('uPlot.iife.min.js')}</script>
<script>
const columns = ${data(columns)}, marks = ${data(marks)};
const shade = { hooks: { drawClear: (plot) => {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const { what, from, to } of marks) {
    const left = plot.valToPos(from, 'x', true), right = plot.valToPos(to, 'x', true);
    ctx.fillStyle = '#c6282818';
    ctx.fillRect(left, bbox.top, Math.max(2, right - left), bbox.height);
    ctx.fillStyle = '#a33';
    ctx.font = 11 * devicePixelRatio + 'px system-ui';
    ctx.translate(left + 4 * devicePixelRatio, bbox.top + 4 * devicePixelRatio);
    ctx.rotate(Math.PI / 2);
    ctx.fillText(what, 0, 0);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
  }
  ctx.restore();
} } };
const line = (label, stroke) => ({ label, stroke, width: 1.5, points: { show: false } });
const draw = (title, series, values) => new uPlot({
  title, width: 960, height: 260, plugins: [shade], cursor: { sync: { key: 'run' } },
  scales: { x: { time: false } }, axes: [{ label: 'seconds' }, {}],
  series: [{ label: 'second' }, ...series],
}, [columns.seconds, ...values], document.getElementById('plots'));
draw('Answers per second', [line('answers/s', '#1565c0')], [columns.perSecond]);
draw('Latency, ms', [line('p50', '#2e7d32'), line('p99', '#ef6c00')], [columns.p50, columns.p99]);
draw('Errors per second', [line('errors/s', '#c62828')], [columns.errors]);
</script></html>
`;
}
