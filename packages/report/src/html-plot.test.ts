import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { htmlPage, type Page } from './html-plot.ts';

const page: Page = {
  title: 'Kill <b>api</b>',
  intro: 'Seed 7 & more',
  plots: [
    {
      title: '</script><script>alert(1)</script>',
      unit: 'ms',
      xUnit: 'seconds',
      x: [0, 1],
      series: [{ label: 'p99', values: [12, null] }],
      marks: [{ label: 'kill api', from: 0, to: 1 }],
    },
  ],
  notes: [{ title: 'Verdict', text: 'a < b' }],
};
const scriptsOf = (html: string) =>
  [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code]) => code!);

test('the page loads nothing: library, style and data are in it', () => {
  const html = htmlPage(page);
  expect(html).not.toMatch(/\b(src|href)=/);
  expect(html).not.toMatch(/@import|url\(/);
  const [library, drawing] = scriptsOf(html);
  expect(library).toContain('uPlot');
  expect(drawing).toContain('"series":[{"label":"p99","values":[12,null]}]');
  expect(html).toContain('.u-legend');
  expect(html).toContain('prefers-color-scheme: dark');
});

test('a text that looks like HTML ends no script and makes no element', () => {
  const html = htmlPage(page);
  const scripts = scriptsOf(html);
  expect(scripts).toHaveLength(2);
  for (const code of scripts) expect(() => new Script(code)).not.toThrow();
  expect(html).toContain('<h1>Kill &lt;b>api&lt;/b></h1>');
  expect(html).toContain('<pre>a &lt; b</pre>');
  expect(html).toContain('<p>Seed 7 &amp; more</p>');
});

test('where the figures come from stands at the head, if it is known', () => {
  const machine = { cores: 2, processor: 'AMD EPYC', memoryGiB: 24 };
  const provenance = {
    command: 'npm run chaos',
    commit: 'a405463',
    dirty: true,
    machine,
    node: '24',
    date: '2026-11-28',
  };
  expect(htmlPage({ ...page, provenance })).toContain(
    '<p class="source">`npm run chaos`, commit a405463-dirty, 2026-11-28, Node 24, 2 cores (AMD EPYC), 24 GiB</p>',
  );
  expect(htmlPage(page)).not.toContain('class="source"');
});

test('a series that does not fit its x axis is refused', () => {
  const short = { ...page.plots[0]!, title: 'Latency', x: [0, 1, 2] };
  expect(() => htmlPage({ ...page, plots: [short] })).toThrow('Latency: p99 has 2 values for 3 of x');
});
