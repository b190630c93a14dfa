import { writeFile } from 'node:fs/promises';
import { chromiumPath, ensureChromium } from '@shop/browser/chromium.ts';
import {
  type Audit,
  audit,
  audited,
  type Category,
  categories,
  type Device,
  goal,
  sawNothing,
} from '@shop/browser/lighthouse-audit.ts';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { runSteps } from '@shop/command/steps.ts';
import { positiveNumber } from '@shop/command/whole-number.ts';
import { refuseUnlessAnswering } from '@shop/docker/answering.ts';
import { edgeOrigins, shopTopology } from '@shop/docker/topology.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { right, table } from '@shop/report/table.ts';
import { Command } from 'commander';
import { execa } from 'execa';
import pRetry from 'p-retry';
import { median } from 'simple-statistics';

const [running] = edgeOrigins(shopTopology());
const resultsFile = 'docs/results/lighthouse.md';

new Command('npm run lighthouse')
  .description(`Measures home, category and product with Lighthouse and writes ${resultsFile}.`)
  .option('--url <origin>', 'the shop to measure; default: the one of `npm start`', running)
  .option('--runs <n>', 'how often each page is measured: the median counts', positiveNumber, 3)
  .action(({ url, runs }: { url: string; runs: number }) => measure(url, runs).catch(printFailure))
  .parseAsync();

type Row = { page: string; device: Device; audits: Audit[] };

async function measure(origin: string, runs: number): Promise<void> {
  await runSteps([{ title: 'Browser', run: ensureChromium }]);
  await refuseUnlessAnswering(origin);
  const rows: Row[] = [];
  for (const device of ['desktop', 'mobile'] as const) {
    for (const [page, path] of Object.entries(audited)) {
      const audits: Audit[] = [];
      for (let run = 0; run < runs; run += 1) audits.push(await measured(`${origin}${path}`, device));
      rows.push({ page, device, audits });
      console.log(
        `${device} ${page}: ${categories.map((name) => `${name} ${score(audits, name)}`).join(', ')}`,
      );
    }
  }
  await writeFile(`${root}${resultsFile}`, await reportOf(rows, runs));
  console.log(`Written to ${resultsFile}.`);
  const short = rows.filter(({ audits }) => categories.some((name) => score(audits, name) < goal));
  if (short.length === 0) return;
  process.exitCode = 1;
  for (const { page, device, audits } of short)
    console.error(`${device} ${page}:\n  ${audits[0]!.complaints.join('\n  ')}`);
}

/** Repeats a measurement that gave no figures. (The test of the same pages repeats nothing.) */
const measured = (url: string, device: Device) =>
  pRetry(() => audit(url, device), { retries: 2, shouldRetry: ({ error }) => sawNothing(error) });

const score = (audits: Audit[], name: Category) => median(audits.map(({ scores }) => scores[name]!));

async function reportOf(rows: Row[], runs: number): Promise<string> {
  const source = await provenanceOf(`npm run lighthouse -- --runs ${runs}`);
  const { stdout: browser } = await execa(chromiumPath, ['--version']);
  const metric = (audits: Audit[], name: keyof Audit['metrics']) =>
    median(audits.map(({ metrics }) => metrics[name]));
  const lines = rows.map(({ page, device, audits }) => {
    const scores = categories.map((name) => score(audits, name));
    const paint = `${(metric(audits, 'largestContentfulPaintMs') / 1000).toFixed(1)} s`;
    const blocked = `${Math.round(metric(audits, 'totalBlockingTimeMs'))} ms`;
    const shift = metric(audits, 'layoutShift').toFixed(3);
    const bytes = `${Math.round(metric(audits, 'transferBytes') / 1024)} KiB`;
    return [`${page}, ${device}`, ...scores, paint, blocked, shift, bytes];
  });
  const names = ['performance', 'accessibility', 'best practices', 'SEO'];
  const heads = [...names, 'largest paint', 'blocked', 'layout shift', 'transferred'];
  return `# Lighthouse

${provenanceLine(source)}, with ${browser.trim()}, the whole shop on the same machine. Medians of ${runs} runs a page; mobile is Lighthouse's slow 4G and a processor four times slower. The goal is ${goal} everywhere.

${table(['page', ...heads.map(right)], lines)}

\`npm test\` holds the three categories that do not depend on how fast the machine is to ${goal}, on the same pages and both devices.
`;
}
