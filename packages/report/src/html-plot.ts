import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { checkPlot, type Plot } from './plot.ts';
import { type Provenance, provenanceLine } from './provenance.ts';

/** A page of plots. All plots share one cursor; texts are shown as they are, no HTML. */
export type Page = {
  title: string;
  /** One or two sentences about the plots. */
  intro: string;
  provenance?: Provenance;
  plots: Plot[];
  /** Text below the plots, in a fixed-width font: tables, verdicts. */
  notes?: { title: string; text: string }[];
};

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const uplot = (file: string) =>
  readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${file}`), 'utf8');
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
/** As JSON that is safe inside a script element. */
const data = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');

/**
 * One HTML file that loads nothing, so it can be mailed or stored with the results. It follows the reader's choice of
 * light or dark. @throws {RangeError} when a series does not fit its x axis.
 */
export function htmlPage({ title, intro, provenance, plots, notes = [] }: Page): string {
  plots.forEach(checkPlot);
  const source = provenance ? `<p class="source">${escaped(provenanceLine(provenance))}</p>` : '';
  const below = notes.map((note) => `<h2>${escaped(note.title)}</h2><pre>${escaped(note.text)}</pre>`);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${uplot('uPlot.min.css')}
${read('./in-page/page.css')}</style>
<h1>${escaped(title)}</h1>
<p>${escaped(intro)}</p>
${source}
<div id="plots"></div>
${below.join('\n')}
<script>${uplot('uPlot.iife.min.js')}</script>
<script>const plots = ${data(plots)};
${read('./in-page/draw.js')}</script></html>
`;
}
