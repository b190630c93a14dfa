import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, expect, type Locator, type Page } from '@playwright/test';
import { chromiumPath, ensureChromium } from '@shop/browser/chromium.ts';
import { type ControlRoom, startControlRoom } from '@shop/browser/control-room.ts';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { runSteps } from '@shop/command/steps.ts';
import { refuseUnlessAnswering } from '@shop/docker/answering.ts';
import { topologyNamed } from '@shop/docker/named-topology.ts';
import { edgeOrigins, shopTopology } from '@shop/docker/topology.ts';
import { Command } from 'commander';
import sharp from 'sharp';

const folder = 'docs/screenshots';
/** The page is new every second. */
const frameMs = 1_000;
/** A replica starts within half a minute on a busy machine. */
const healedMs = 120_000;
/** GitHub shows a README at most this wide. */
const width = 900;

new Command('npm run recording --')
  .description(
    `Makes the control room's pictures in ${folder} from the running shop: it kills an API replica while shoppers shop, films how the shop heals, and stops the shoppers.`,
  )
  .option('--project <name>', 'the topology to show', shopTopology().project)
  .action(({ project }: { project: string }) => record(project).catch(printFailure))
  .parseAsync();

async function record(project: string): Promise<void> {
  await runSteps([{ title: 'Browser', run: ensureChromium }]);
  await refuseUnlessAnswering(edgeOrigins(topologyNamed(project))[0]!);
  // A signal ends this process, and with it the control room and its shoppers.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  let room: ControlRoom | undefined;
  try {
    room = await startControlRoom(['--project', project]);
    const page = await opened(browser, room.links().at(-1)!);
    const frames = await killAndHealing(page);
    await save('control-room-light', page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await save('control-room-dark', page);
    await film('control-room-kill', frames);
    await verdict(page).getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(verdict(page)).toContainText('They have stopped', { timeout: healedMs });
  } finally {
    await browser.close();
    await room?.end();
  }
}

async function opened(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext({
    // The verdict and the whole way of a request.
    viewport: { width: 1280, height: 1400 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  await page.goto(link);
  return page;
}

const verdict = (page: Page) => page.getByRole('region', { name: 'Shoppers and verdict' });
const headline = (page: Page) => verdict(page).locator('.verdict-headline');

/** A click may have scrolled the page. @returns a PNG. */
async function fromTheTop(page: Page): Promise<Buffer> {
  await page.evaluate(() => scrollTo(0, 0));
  return await page.screenshot();
}

/** Kills an API replica by clicks, and brings it back. @returns the page in PNGs, one a second. */
async function killAndHealing(page: Page): Promise<Buffer[]> {
  const frames: Buffer[] = [];
  const shoot = async () => frames.push(await fromTheTop(page));
  const shootUntil = async (locator: Locator, name: RegExp) => {
    const end = performance.now() + healedMs;
    while (!name.test((await locator.getAttribute('aria-label')) ?? '')) {
      if (performance.now() > end)
        throw new Error(`the map did not show ${name} within ${healedMs / 1000} s`);
      await shoot();
      await sleep(frameMs);
    }
  };
  await verdict(page).getByRole('button', { name: 'Start shoppers' }).click();
  await expect(headline(page)).toHaveText('Every promise is kept', { timeout: healedMs });
  await shoot();

  const replica = page.getByRole('button', { name: /^api-\d+: running/ }).nth(1);
  const id = await replica.locator('xpath=ancestor::*[@data-id][1]').getAttribute('data-id');
  const victim = page.locator(`.react-flow__node[data-id="${id}"]`).getByRole('button');
  await victim.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading').waitFor();
  await shoot();
  await dialog.getByRole('button', { name: 'Kill', exact: true }).click();
  try {
    await shootUntil(victim, /: down/);
    await shoot();
    await sleep(frameMs);
    await shoot();
  } finally {
    const undo = page.getByRole('region', { name: 'What you did' }).getByRole('button', { name: /^Undo/ });
    await undo.first().click();
  }
  await shootUntil(victim, /: running/);
  for (let more = 0; more < 3; more += 1) {
    await sleep(frameMs);
    await shoot();
  }
  return frames;
}

async function save(name: string, page: Page): Promise<void> {
  await write(
    name,
    await sharp(await fromTheTop(page))
      .webp({ quality: 84 })
      .toBuffer(),
  );
}

async function film(name: string, frames: Buffer[]): Promise<void> {
  const small = await Promise.all(frames.map((frame) => sharp(frame).resize({ width }).png().toBuffer()));
  // The first and the last are looked at for longer.
  const delay = small.map((_, index) => (index === 0 || index === small.length - 1 ? 3 * frameMs : frameMs));
  const pages = sharp(small, { join: { animated: true } });
  await write(name, await pages.webp({ quality: 70, effort: 6, loop: 0, delay }).toBuffer());
}

async function write(name: string, picture: Buffer): Promise<void> {
  const file = `${folder}/${name}.webp`;
  await writeFile(`${root}${file}`, picture);
  console.log(`${file}: ${Math.round(picture.length / 1000)} kB`);
}
