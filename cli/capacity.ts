import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { mixNames, parseMix } from '@shop/capacity/mixes.ts';
import { type Load as Asked, type Limit, limits, type Need, oneBox, plan } from '@shop/capacity/plan.ts';
import { plotsOf } from '@shop/capacity/plots.ts';
import { largestBox, priceList } from '@shop/capacity/prices.ts';
import { type Profile, readProfile } from '@shop/capacity/profile.ts';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root, stateDir } from '@shop/command/folders.ts';
import { htmlPage } from '@shop/report/html-plot.ts';
import { right, table } from '@shop/report/table.ts';
import { Command, InvalidArgumentError } from 'commander';

type Options = { rps: number; growth: number; mix: string; utilisation: number; profile: string };

new Command('npm run capacity --')
  .description(
    'Computes what a load needs from the measured cost of each call (npm run bench:profile): replicas and boxes of each tier, the tier that saturates first, and the price a month. It starts nothing, and writes the same as a page.',
  )
  .option('--rps <n>', 'calls a second at the peak of today', positive, 500)
  .option(
    '--growth <n>x',
    'how many times as many to plan for, such as 10x',
    (text) => positive(text.replace(/x$/, '')),
    1,
  )
  .option('--mix <mix>', `${mixNames.join(', ')}, or parts such as "order:2;list, cached:98"`, 'default')
  .option('--utilisation <percent>', 'how busy a processor may be at the peak', percent, 60)
  .option('--profile <file>', 'what bench:profile has written', 'docs/results/profile.json')
  .action((options: Options) => run(options).catch(printFailure))
  .parseAsync();

async function run({ rps, growth, mix, utilisation, profile: path }: Options): Promise<void> {
  const profile = await readProfile(resolve(root, path));
  const load = { perSecond: rps * growth, mix: parseMix(mix), utilisation: utilisation / 100 };
  const text = tell(profile, load);
  const page = `${stateDir}capacity.html`;
  await writeFile(page, pageOf(profile, load, text));
  console.log(
    `${text}\n\nAs a page, from a tenth of this load to ten times as much: ${page.replace(root, '')}`,
  );
}

function pageOf(profile: Profile, load: Asked, text: string): string {
  return htmlPage({
    title: `Capacity for ${rate(load.perSecond)}`,
    intro: `What a load needs, computed from the measured cost of each call: ${profile.provenance}.`,
    plots: plotsOf(profile, load),
    notes: [{ title: 'At this load', text }],
  });
}

function tell(profile: Profile, load: Asked): string {
  const needs = plan(profile, load);
  const single = oneBox(profile, load);
  const today = limits(profile, load, { scaledOut: false });
  const last = limits(profile, load, { scaledOut: true });
  return `${rate(load.perSecond)}, processors at most ${Math.round(load.utilisation * 100)} % busy.

${table(
  ['tier', right('busy processors'), right('replicas'), 'box', right('$ a month')],
  [...needs.map(row), ['all', '', '', '', dollars(needs)], ['', '', '', '', ''], row(single)],
)}

With the replicas of today, one processor each, ${first(today)} gives out first.
When everything that scales out has been scaled out, ${first(last)} gives out first.
${missing(needs)}${single.box ? 'The one box costs less and is away whenever it is exchanged or fails.' : `No box is large enough for everything: the largest has ${largestBox.vcpus} processors.`}

Cost of the calls: ${profile.provenance}.
Prices: ${priceList.what}, ${priceList.date}, ${priceList.source}; ${priceList.hoursAMonth} hours, without disks and traffic.
A processor of the list counts as one of the machine that was measured. Each tier has boxes of its own.`;
}

const row = ({ tier, cores, replicas, box, dollars: price }: Need) => [
  tier,
  cores === 0 ? '' : cores.toFixed(2),
  replicas,
  box?.name ?? 'none is enough',
  box ? Math.round(price).toLocaleString('en') : '',
];
const dollars = (needs: Need[]) =>
  Math.round(needs.reduce((sum, { dollars: price }) => sum + price, 0)).toLocaleString('en');
const rate = (perSecond: number) => `${Math.round(perSecond).toLocaleString('en')} calls/s`;
const first = ([limit]: Limit[]) => (limit ? `${limit.tier} (at ${rate(limit.perSecond)})` : 'nothing');

function missing(needs: Need[]): string {
  const names = needs.filter(({ box }) => !box).map(({ tier }) => tier);
  if (names.length === 0) return '';
  return `More than this shop can carry: ${names.join(' and ')} cannot be scaled out, and no box is enough.\n`;
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It is a number above 0.');
}

function percent(text: string): number {
  const number = positive(text);
  if (number <= 100) return number;
  throw new InvalidArgumentError('It is at most 100.');
}
