import { expect, test } from '@playwright/test';
import { audit, audited, goal } from '@shop/browser/lighthouse-audit.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** What a busy machine does not change; how fast pages are, `npm run lighthouse` measures. */
const steady = ['accessibility', 'best-practices', 'seo'] as const;

// Longer than a run of Lighthouse may take.
test.describe.configure({ timeout: 330_000 });

for (const [name, path] of Object.entries(audited)) {
  test(`Lighthouse gives at least the required score: ${name}`, async ({ isMobile }) => {
    const { scores, complaints } = await audit(`${edges[0]}${path}`, isMobile ? 'mobile' : 'desktop', steady);
    for (const category of steady) {
      expect(scores[category], `${category}\n${complaints.join('\n')}`).toBeGreaterThanOrEqual(goal);
    }
  });
}
