import { expect, test } from 'vitest';
import { readMutants } from './mutant-files.ts';
import { inCheapestOrder, servicesToReplace } from './mutant-services.ts';

const mutants = await readMutants();

test.each([
  ['integration', ['apps/api/src/app.ts', 'packages/redis/src/x.lua'], []],
  ['integration', ['apps/worker/src/app.ts'], ['worker']],
  ['integration', ['apps/payments/src/app.ts', 'apps/api/src/app.ts'], ['payments']],
  ['e2e', ['apps/api/src/app.ts'], ['api']],
  ['e2e', ['infra/edge/nginx/api.conf'], ['edge-1', 'edge-2']],
  ['web', ['apps/web/src/pages/cart.tsx'], ['edge-1', 'edge-2']],
  ['e2e', ['packages/database/src/replica.ts'], undefined],
  ['integration', ['infra/pgbouncer/pgbouncer.ini'], undefined],
  ['chaos', ['apps/api/src/app.ts'], undefined],
] as const)('%s tests of a change in %j meet it when %j are replaced', (suite, changed, services) => {
  expect(servicesToReplace({ suite, changed: [...changed] })).toEqual(services);
});

test('the order keeps all, units first, and those that replace the same services together', () => {
  const ordered = inCheapestOrder(mutants);
  expect(ordered.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
    mutants.toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  const groups = ordered.map((mutant) => `${mutant.suite} ${servicesToReplace(mutant)}`);
  const starts = groups.filter((group, n) => group !== groups[n - 1]);
  expect(starts).toEqual([...new Set(groups)]);
  expect(ordered[0]?.suite).toBe('unit');
});
