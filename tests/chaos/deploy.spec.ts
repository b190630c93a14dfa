import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { everyAcknowledgedOrderExistsOnce } from '@shop/chaos/checkers/orders-exist-once.ts';
import { stockIsConserved } from '@shop/chaos/checkers/stock-conserved.ts';
import { holdRegistrations } from '@shop/chaos/faults/hold-registrations.ts';
import { type Run, runScenario } from '@shop/chaos/scenarios/run.ts';
import { quiesce } from '@shop/chaos/topology/quiesce.ts';
import { servingReplicas, untilReplicasServe, versionsThatServe } from '@shop/chaos/topology/ready.ts';
import { containersOf } from '@shop/chaos/topology/topology.ts';
import { withVariant } from '@shop/chaos/topology/variants.ts';
import { edges, project } from '@shop/shop-client/topology-under-test.ts';
import { execa } from 'execa';

type Deployment = { exitCode: number | undefined; said: string };

/** Runs the command that people run, with `settings` as its environment, and waits for its end. */
async function deploy(args: string[], settings: Record<string, string> = {}): Promise<Deployment> {
  const command = ['run', 'deploy', '--', '--project', project, ...args];
  const { exitCode, all } = await execa('npm', command, { env: settings, all: true, reject: false });
  return { exitCode, said: all };
}

/**
 * Twelve registrations a second, each replica holding one for most of the time. Not more: each hashes a password, which
 * takes more of the processor than any other call.
 */
const registrations = { atOnce: 3, everyMs: 250, holdMs: 200 };

/**
 * One deployment after the other while people shop. All the time some POSTs without a key are in progress, which the
 * edge may not repeat: only draining can save those that a replica is handling when it gets SIGTERM.
 */
async function deployUnderLoad(deployments: (() => Promise<Deployment>)[]) {
  const { atOnce, everyMs, holdMs } = registrations;
  const outcomes: Deployment[] = [];
  const run = await runScenario({
    name: 'deploy',
    unkeyed: true,
    ratePerSecond: 20,
    fault: async (history, shoppers) => {
      const held = await holdRegistrations(holdMs);
      try {
        for (const begin of deployments) {
          history.mark(`deployment ${outcomes.length + 1}`);
          let over = false;
          const deployment = begin().finally(() => {
            over = true;
          });
          while (!over) {
            held.again();
            await Promise.all([shoppers.burst('unkeyed', atOnce), sleep(everyMs)]);
          }
          outcomes.push(await deployment);
        }
      } finally {
        await held.end();
      }
    },
    undo: async () => {
      await untilReplicasServe(edges[0], 3);
    },
  });
  return { run, outcomes };
}

async function nothingWasNoticed({ history, items }: Run): Promise<void> {
  nothingFailed(history);
  await quiesce();
  await everyAcknowledgedOrderExistsOnce(history, items);
  await stockIsConserved(items);
}

// A deployment builds images, and replaces each container of three services.
test.setTimeout(800_000);

test('no request fails during a deployment, which replaces every replica by one of the new version', async () => {
  const before = await versionsThatServe(edges[0]);
  const old = (await containersOf('api')).map(({ id }) => id);
  const {
    run,
    outcomes: [done],
  } = await deployUnderLoad([() => deploy([])]);

  expect(done?.exitCode, done?.said).toBe(0);
  const after = await versionsThatServe(edges[0]);
  expect(after.size).toBe(1);
  expect(before.has([...after][0]!), `${[...after]} instead of ${[...before]}`).toBe(false);
  const replicas = (await containersOf('api')).map(({ id }) => id);
  expect(replicas.length).toBe(3);
  expect(replicas.filter((id) => old.includes(id))).toEqual([]);
  await nothingWasNoticed(run);
});

test('no request fails during a deployment whose new version does not become ready, and the old one goes on serving', {
  tag: '@nightly',
}, async () => {
  const before = await versionsThatServe(edges[0]);
  const unfit = () => deploy(['--ready-timeout', '60'], { LIMIT_REQUESTS_PER_SECOND: 'many' });
  const {
    run,
    outcomes: [stopped],
  } = await deployUnderLoad([unfit]);

  expect(stopped?.said).toContain('3 of the old ones of api go on serving');
  expect(stopped?.said).toContain('LIMIT_REQUESTS_PER_SECOND');
  expect(stopped?.exitCode).toBe(1);
  expect(await versionsThatServe(edges[0])).toEqual(before);
  expect((await servingReplicas(edges[0])).size).toBe(3);
  await nothingWasNoticed(run);
});

test('control: the checker objects to replicas that do not drain', { tag: '@nightly' }, async () => {
  await withVariant('api-does-not-drain', async () => {
    const settings = { BROKEN_VARIANT: 'api-does-not-drain', SHOP_ENVIRONMENT: 'test' };
    // The API alone, since the settings would replace the edges too.
    const again = () => deploy(['--only', 'api'], settings);
    // Twice: six replicas die, and each need not have a POST in its hands just then.
    const { run, outcomes } = await deployUnderLoad([again, again]);
    expect(
      outcomes.map(({ exitCode }) => exitCode),
      outcomes.map(({ said }) => said).join('\n'),
    ).toEqual([0, 0]);
    expect(() => nothingFailed(run.history)).toThrow(/operations failed/);
  });
});
