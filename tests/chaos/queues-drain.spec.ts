import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { everyPromiseIsKept } from '@shop/chaos/checkers/every-promise.ts';
import { killed } from '@shop/chaos/faults/kill.ts';
import { paused } from '@shop/chaos/faults/pause.ts';
import { together } from '@shop/chaos/faults/together.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { patienceMs } from '@shop/chaos/topology/patience.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import { primaryNode, queryNode, running } from '@shop/chaos/topology/topology.ts';
import type { Operation } from '@shop/chaos/workload/history.ts';
import { execIn } from '@shop/docker/in-container.ts';
import pWaitFor from 'p-wait-for';
import { median } from 'simple-statistics';

/** Below the 7 s that a query may take and the 8 s of a request: a request that waits is answered. */
const pauseMs = 4_000;

test('requests that wait while the primary is paused are answered, and none stays queued afterwards', async () => {
  const [primary, fencer] = [await find('db-primary'), await find('fencer')];
  // Without the fencer, which would have another primary within the pause.
  const damage = together(killed(fencer), paused(primary));
  let [resumedAt, quietAt] = [0, 0];
  const run = await runScenario({
    name: 'queues-drain',
    client: 'retrying',
    // Enough of each for a median.
    baselineMs: 5_000,
    afterMs: 8_000,
    fault: async (history, shoppers) => {
      history.mark(damage.name);
      await damage.strike();
      // More than the pools of all replicas have connections, so that some wait in line for one.
      const rush = shoppers.burst('order', 90);
      await sleep(pauseMs);
      await damage.undo();
      resumedAt = Date.now();
      await rush;
      // Payments and mails of the rush keep the machine busy, and no request waits in line for them. A few of other orders
      // are always under way.
      const undone = 'SELECT count(*) FROM outbox WHERE done_at IS NULL';
      const isQuiet = async () => Number((await queryNode(await primaryNode(), undone))[0]?.[0]) < 10;
      const message = 'the jobs of the rush do not end';
      await pWaitFor(isQuiet, { interval: 500, timeout: { milliseconds: patienceMs, message } });
      quietAt = Date.now();
    },
    undo: async () => {
      await damage.undo();
      await recovered([primary, fencer]);
    },
  });

  await everyPromiseIsKept(run);
  const { operations, faults } = run.history;
  const waited = operations.filter(
    ({ kind, startedAt, endedAt }) =>
      kind === 'order' && endedAt - startedAt > 1_000 && startedAt < resumedAt,
  );
  expect(waited.length, 'orders that waited').toBeGreaterThan(50);

  // Medians of one run on one machine: before the fault, and when the rush and what follows from it is over.
  const before = medianMs(operations.filter(({ endedAt }) => endedAt < faults[0]!.at));
  const after = medianMs(operations.filter(({ startedAt }) => startedAt > quietAt));
  expect(after, `median ms afterwards; before: ${before}`).toBeLessThan(3 * before + 50);
  await nobodyWaits();
});

function medianMs(operations: Operation[]): number {
  const reads = operations.filter(({ kind }) => kind !== 'upload' && kind !== 'login');
  expect(reads.length, 'operations to take the median of').toBeGreaterThan(15);
  return median(reads.map(({ startedAt, endedAt }) => endedAt - startedAt));
}

/** No caller in line for a connection, at any replica of the API and at neither PgBouncer. */
async function nobodyWaits(): Promise<void> {
  const replicas = await running('api');
  const sources = [
    ...replicas.map(({ id }) => ({
      id,
      url: 'http://127.0.0.1:3000/metrics',
      line: /^shop_database_pool\{.*state="waiting"/,
    })),
    ...['1', '2'].map((number) => ({
      id: replicas[0]!.id,
      url: `http://exporter-pgbouncer-${number}:9127/metrics`,
      line: /^pgbouncer_pools_client_waiting_connections\{/,
    })),
  ];
  for (const { id, url, line } of sources) {
    const waiting = async () => {
      const script = `fetch('${url}').then((answer) => answer.text()).then(console.log)`;
      const lines = (await execIn(id, 'node', '--eval', script))
        .split('\n')
        .filter((text) => line.test(text));
      expect(lines.length, `lines of ${url}`).toBeGreaterThan(1);
      return lines.filter((text) => Number(text.split(' ').at(-1)) > 0);
    };
    await pWaitFor(async () => (await waiting()).length === 0, {
      interval: 500,
      timeout: { milliseconds: 10_000, message: `a client still waits at ${url}` },
    });
  }
}
