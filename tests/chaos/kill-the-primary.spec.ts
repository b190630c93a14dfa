import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { cut } from '@shop/chaos/faults/cut.ts';
import type { Fault } from '@shop/chaos/faults/fault.ts';
import { killed } from '@shop/chaos/faults/kill.ts';
import { together } from '@shop/chaos/faults/together.ts';
import { type Run, runScenario } from '@shop/chaos/scenarios/run.ts';
import { fencerSaid, longestStallOfOrdersMs } from '@shop/chaos/topology/fencing.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import type { Container } from '@shop/chaos/topology/topology.ts';

/**
 * Kills the primary of Postgres while shoppers retry. `withFencer` strikes the fencer just before: then the lease of Patroni
 * ends by itself, which takes longer.
 */
async function killPrimary(
  name: string,
  { withFencer, downMs }: { withFencer?: (fencer: Container) => Fault; downMs: number },
): Promise<Run> {
  const [victim, fencer] = [await find('db-primary'), await find('fencer')];
  const damages = [...(withFencer ? [withFencer(fencer)] : []), killed(victim)];
  const run = await runScenario({
    name,
    client: 'retrying',
    fault: async (history) => {
      for (const damage of damages) {
        history.mark(damage.name);
        await damage.strike();
      }
      await sleep(downMs);
    },
    undo: async () => {
      await together(...damages).undo();
      await recovered([victim, fencer]);
    },
  });
  await everyPromiseIsKept(run);
  return run;
}

test('writes continue within seconds when the primary of Postgres is killed, because the fencer frees its lease', async () => {
  const run = await killPrimary('kill-the-primary', { downMs: 10_000 });

  // Patroni alone takes 20 s and more.
  expect(longestStallOfOrdersMs(run.history), 'ms without an acknowledged order').toBeLessThan(10_000);
  expect(await fencerSaid(run.history.startedAt)).toContain('leader fenced: its lease is free');
});

test('no operation fails when the fencer is killed and the primary right after it: failover takes the lease of Patroni', {
  tag: '@nightly',
}, async () => {
  const run = await killPrimary('kill-primary-and-fencer', { withFencer: killed, downMs: 26_000 });

  const stallMs = longestStallOfOrdersMs(run.history);
  expect(stallMs, 'ms without an acknowledged order').toBeLessThan(40_000);
  // Else this was no failover without a fencer.
  expect(stallMs, 'ms without an acknowledged order').toBeGreaterThan(10_000);
});

test('no operation fails when the primary is killed and the fencer is cut off', {
  tag: '@nightly',
}, async () => {
  const run = await killPrimary('kill-primary-cut-fencer', { withFencer: cut, downMs: 26_000 });

  expect(longestStallOfOrdersMs(run.history), 'ms without an acknowledged order').toBeLessThan(40_000);
  expect(await fencerSaid(run.history.startedAt)).not.toContain('leader fenced: its lease is free');
});
