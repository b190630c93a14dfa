import { mkdir, writeFile } from 'node:fs/promises';
import { type Browser, chromium, type Page } from '@playwright/test';
import { chromiumPath, ensureChromium } from '@shop/browser/chromium.ts';
import { printFailure } from '@shop/command/actionable-error.ts';
import { root } from '@shop/command/folders.ts';
import { runSteps } from '@shop/command/steps.ts';
import { refuseUnlessAnswering } from '@shop/docker/answering.ts';
import { edgeOrigins, shopTopology } from '@shop/docker/topology.ts';
import { Command } from 'commander';
import sharp from 'sharp';

const folder = 'docs/screenshots';
const [running = ''] = edgeOrigins(shopTopology());

new Command('npm run screenshots')
  .description(`Makes README's pictures in ${folder} from the running shop, light and dark.`)
  .option('--url <origin>', 'the shop to show; default: the one of `npm start`', running)
  .action(({ url }: { url: string }) => takeAll(url).catch(printFailure))
  .parseAsync();

type Shot = { name: string; path: string; prepare?: (page: Page) => Promise<void> };

const shots: Shot[] = [
  { name: 'home', path: '/' },
  {
    name: 'badge',
    path: '/product/sourdough-loaf-800-g',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Add to cart' }).click();
      await page
        .getByRole('complementary', { name: /system/i })
        .getByRole('button')
        .first()
        .click();
    },
  },
];

async function takeAll(origin: string): Promise<void> {
  await runSteps([{ title: 'Browser', run: ensureChromium }]);
  await refuseUnlessAnswering(origin);
  await mkdir(`${root}${folder}`, { recursive: true });
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    for (const shot of shots)
      for (const theme of ['light', 'dark'] as const) await take(browser, origin, shot, theme);
  } finally {
    await browser.close();
  }
}

async function take(
  browser: Browser,
  origin: string,
  { name, path, prepare }: Shot,
  theme: 'light' | 'dark',
) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  await page.goto(`${origin}${path}`);
  await page.waitForLoadState('networkidle');
  await prepare?.(page);
  await page.waitForLoadState('networkidle');
  const file = `${folder}/${name}-${theme}.webp`;
  await writeFile(
    `${root}${file}`,
    await sharp(await page.screenshot())
      .webp({ quality: 84 })
      .toBuffer(),
  );
  console.log(file);
  await context.close();
}
