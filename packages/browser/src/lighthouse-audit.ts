import { root } from '@shop/command/folders.ts';
import { ExecaError, execa } from 'execa';
import { chromiumPath } from './chromium.ts';

export const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
export type Category = (typeof categories)[number];
export type Device = 'desktop' | 'mobile';

/** The minimum score of each page, out of 100. */
export const goal = 95;
/** The pages on which most visits begin. */
export const audited = { home: '/', category: '/category/bakery', product: '/product/sourdough-loaf-800-g' };

export type Audit = {
  scores: Partial<Record<Category, number>>;
  /** The audits that cost points, the most expensive first. */
  complaints: string[];
  metrics: Record<
    'largestContentfulPaintMs' | 'totalBlockingTimeMs' | 'layoutShift' | 'transferBytes',
    number
  >;
};

type Report = {
  categories: Record<string, { score: number; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<
    string,
    { title: string; score: number | null; numericValue?: number; displayValue?: string }
  >;
};

/** One run of Lighthouse on one page, in a new browser. */
export async function audit(
  url: string,
  device: Device,
  only: readonly Category[] = categories,
): Promise<Audit> {
  const preset = device === 'desktop' ? ['--preset=desktop'] : [];
  const flags = [
    '--quiet',
    '--no-enable-error-reporting',
    // Not used here, and it takes seconds.
    '--disable-full-page-screenshot',
    '--output=json',
    `--only-categories=${only.join(',')}`,
  ];
  const chromeFlags = '--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage';
  const { stdout } = await execa('lighthouse', [url, ...preset, ...flags, chromeFlags], {
    cwd: root,
    preferLocal: true,
    env: { CHROME_PATH: chromiumPath },
    // 10 s on a quiet machine; a busy one took more than two minutes.
    timeout: 300_000,
  });
  const report: Report = JSON.parse(stdout);
  const value = (id: string) => report.audits[id]?.numericValue ?? Number.NaN;
  return {
    scores: Object.fromEntries(only.map((name) => [name, Math.round(report.categories[name]!.score * 100)])),
    complaints: complaintsOf(report),
    metrics: {
      largestContentfulPaintMs: value('largest-contentful-paint'),
      totalBlockingTimeMs: value('total-blocking-time'),
      layoutShift: value('cumulative-layout-shift'),
      transferBytes: value('total-byte-weight'),
    },
  };
}

/**
 * The browser's trace was incomplete (for example NO_NAVSTART) and gives no figures: Lighthouse asks to be run again.
 */
export const sawNothing = (error: Error) =>
  error instanceof ExecaError && /Please run Lighthouse again/.test(String(error.stderr));

function complaintsOf({ categories: found, audits }: Report): string[] {
  return Object.entries(found)
    .flatMap(([category, { auditRefs }]) =>
      auditRefs.map(({ id, weight }) => ({ category, weight, ...audits[id]! })),
    )
    .filter(({ weight, score }) => weight > 0 && score !== null && score < 0.9)
    .toSorted((a, b) => b.weight * (1 - b.score!) - a.weight * (1 - a.score!))
    .map(
      ({ category, title, displayValue }) =>
        `${category}: ${title}${displayValue ? ` (${displayValue})` : ''}`,
    );
}
