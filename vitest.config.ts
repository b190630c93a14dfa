import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Commands keep worktrees in .state.
const notOurs = ['**/node_modules/**', '.state/**'];

/** They tell the one payment provider to decline or fail, which the orders of other files would meet. */
const alone = ['apps/worker/src/payments.integration.test.ts'];

const onStores = {
  globalSetup: fileURLToPath(new URL('packages/testing/src/require-stores.ts', import.meta.url)),
  // A call may wait for a failover up to its deadline of 8 s.
  testTimeout: 20_000,
  hookTimeout: 30_000,
  // Each file builds the app with its own connections; two cores have no use for more at once.
  maxWorkers: 2,
};

/**
 * `unit`: beside the code, no store. `integration`: beside the code, the real app on the real Postgres, Redis and
 * object store, so it runs inside the compose network (infra/app/compose.yml, profile `test`). `integration-alone`: the
 * same, one file at a time after the others.
 */
export default defineConfig({
  // The default, inside each workspace's node_modules, is read-only in the test image.
  cacheDir: '/tmp/vitest',
  test: {
    // `npm test` sums these up, one a package, and names another file where the folder is read-only (cli/suites.ts).
    reporters: [
      'default',
      ['json', { outputFile: process.env.VITEST_JSON ?? `${process.cwd()}/test-results/unit.json` }],
    ],
    // It would be kept inside node_modules, which is read-only in the test image.
    fsModuleCache: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...notOurs, '**/*.integration.test.ts'],
          // A busy machine takes ten times as long; a test that hangs still ends.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...onStores,
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: [...notOurs, ...alone],
        },
      },
      {
        extends: true,
        test: {
          ...onStores,
          name: 'integration-alone',
          include: alone,
          // After all others.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
