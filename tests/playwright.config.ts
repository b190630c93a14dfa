import { defineConfig } from '@playwright/test';
import { chromiumPath } from '@shop/browser/chromium.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** Generous: a test of many steps must also end on a machine that is half as fast and busy. */
const patience = { timeout: 180_000, expect: { timeout: 30_000 } };

const browser = (width: number, height: number, colorScheme: 'light' | 'dark', phone = {}) => ({
  ...phone,
  browserName: 'chromium' as const,
  launchOptions: { executablePath: chromiumPath, args: ['--no-sandbox'] },
  baseURL: edges[0],
  viewport: { width, height },
  colorScheme,
  locale: 'en-GB',
  reducedMotion: 'reduce' as const,
  screenshot: 'only-on-failure' as const,
  // A page that comes under a service worker's control is for a moment out of the reach of `page.route`
  // (https://playwright.dev/docs/service-workers). The tests that are about the worker allow it.
  serviceWorkers: 'block' as const,
});

const phone = browser(390, 844, 'dark', { isMobile: true, hasTouch: true });

/** Addresses, numbers, the keyboard and releases are the same at every width. */
const sameAtEveryWidth = ['addresses', 'keyboard', 'numbers', 'release'].map((name) => `${name}.spec.ts`);
/** What seldom differs on a phone is tried there at night only. */
const onPhonesAtNight = ['account', 'admin', 'delivery', 'failure', 'pictures', 'sessions'].map(
  (name) => `${name}.spec.ts`,
);

/**
 * Tests from the outside, through the edges of a running topology (`npm test` starts one of its own).
 * No retries: a flaky test is a fault in the product or in the test.
 */
export default defineConfig({
  testDir: '.',
  globalSetup: './require-topology.ts',
  retries: 0,
  forbidOnly: true,
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.PLAYWRIGHT_JSON ?? '../test-results/results.json' }],
  ],
  projects: [
    {
      name: 'e2e',
      testDir: 'e2e',
      testIgnore: ['web/**', 'control-room/**', 'crowds/**'],
      fullyParallel: false,
      workers: 2,
      timeout: 60_000,
    },
    // More calls than one address may make: what runs beside these would be refused with them.
    { name: 'e2e-crowds', testDir: 'e2e/crowds', workers: 1, timeout: 60_000 },
    {
      name: 'web',
      testDir: 'e2e/web',
      testIgnore: 'faults/**',
      ...patience,
      use: browser(1280, 900, 'light'),
    },
    {
      name: 'web-phone',
      testDir: 'e2e/web',
      testIgnore: ['faults/**', ...sameAtEveryWidth, ...onPhonesAtNight],
      workers: 1,
      ...patience,
      use: phone,
    },
    {
      name: 'web-phone-nightly',
      testDir: 'e2e/web',
      testMatch: onPhonesAtNight,
      workers: 1,
      ...patience,
      use: phone,
    },
    {
      // Parts of the shop are stopped here, which every other test would feel: nothing runs beside these.
      name: 'web-faults',
      testDir: 'e2e/web/faults',
      workers: 1,
      ...patience,
      use: { ...browser(1280, 900, 'light'), serviceWorkers: 'allow' },
    },
    // A light desktop, then a dark phone: each kills a replica.
    {
      name: 'control-room',
      testDir: 'e2e/control-room',
      workers: 1,
      ...patience,
      use: browser(1280, 900, 'light'),
    },
    {
      name: 'control-room-phone',
      testDir: 'e2e/control-room',
      // What a rule of Prometheus, a container or the engine then does: the width of the page does not change it.
      grepInvert: /@desktop/,
      workers: 1,
      ...patience,
      use: phone,
    },
    // One fault at a time: two tests that kill things would each see the other's.
    { name: 'chaos', testDir: 'chaos', testMatch: '**/*.spec.ts', workers: 1, timeout: 900_000 },
    // On a cluster that `npm run kubernetes` has started: `npm run test:kubernetes`.
    // More than all waits of a test together, so that each undoes what it has done.
    {
      name: 'kubernetes',
      testDir: 'kubernetes',
      testMatch: '**/*.spec.ts',
      workers: 1,
      timeout: 2_700_000,
      expect: patience.expect,
      use: browser(1280, 900, 'light'),
    },
  ],
});
