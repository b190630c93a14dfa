import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { judge } from '@shop/chaos/checkers/judge.ts';
import { machineCutOff } from '@shop/chaos/faults/machines.ts';
import { untilPodsAreReady } from '@shop/chaos/faults/pods.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { switchOver } from '@shop/chaos/topology/switch-over.ts';
import { databaseNodes, primaryNode } from '@shop/chaos/topology/topology.ts';
import { makeItems } from '@shop/chaos/workload/items.ts';
import { openLoop } from '@shop/load/open-loop.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** The one machine of zone `b`. Its ports are those of the second edge. */
const machine = 'node-2';
/** Kubernetes counts the machine as lost, pods without data are replaced, and Postgres and Redis have new masters. */
const cutMs = 90_000;
/** The side that serves has done so again by this time before the cut ends. */
const settledMs = 20_000;

/** How long a customer waits for an answer: longer than the API's own deadline of 8 s. */
const answerMs = 10_000;

type Order = { startedAt: number; status: number; id?: string };

/** A customer of one edge who orders twice a second, each order once. `status` 0: no answer in time. */
async function customerOf(edge: string, productId: string) {
  const client = new ShopClient(edge);
  await client.register();
  const orders: Order[] = [];
  const stopping = new AbortController();
  const begin = async () => {
    const startedAt = Date.now();
    const body = { items: [{ productId, quantity: 1 }] };
    const reply = await client
      .post('/api/orders', { key: randomUUID(), body, signal: AbortSignal.timeout(answerMs) })
      .catch(() => undefined);
    orders.push({
      startedAt,
      status: reply?.status ?? 0,
      id: reply?.status === 201 ? reply.body.id : undefined,
    });
  };
  const running = openLoop({ perSecond: 2, begin, signal: stopping.signal });
  return {
    client,
    orders,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const acknowledged = ({ status }: Order) => status === 201;
/** `201: 40, 503: 12` */
const counted = (orders: Order[]) =>
  Object.entries(Object.groupBy(orders, ({ status }) => status))
    .map(([status, of = []]) => `${status}: ${of.length}`)
    .join(', ');

/** Where the primary of Postgres is when the cut begins. */
const places = {
  'a standby': (node: string) => databaseNodes.find((other) => other !== node)!,
  'the primary': (node: string) => node,
};

for (const [place, primaryFor] of Object.entries(places)) {
  test(`when a zone with ${place} is cut off, the two others serve orders, and it acknowledges none`, () =>
    cutAZone(`kubernetes-cut-zone-with-${place.split(' ')[1]}`, primaryFor));
}

/** @param primaryFor the node that leads Postgres when the cut begins, by the node that is cut off. */
async function cutAZone(name: string, primaryFor: (cutOff: string) => string): Promise<void> {
  const pods = await untilPodsAreReady(undefined, 1);
  const inZone = databaseNodes.find((node) => pods.find((pod) => pod.name === node)?.node === machine);
  expect(inZone, `database node on ${machine}`).toBeDefined();
  await switchOver(primaryFor(inZone!));
  const [first, second] = await makeItems(edges[0], 2);
  const sides = {
    majority: await customerOf(edges[0], first!.id),
    cutOff: await customerOf(edges[1], second!.id),
  };
  const cut = machineCutOff(machine);
  let cutAt = 0;
  let joinedAt = 0;
  const run = await runScenario({
    name,
    client: 'retrying',
    ratePerSecond: 5,
    fault: async (history) => {
      history.mark(`${cut.name}, with ${inZone}; ${await primaryNode()} is the primary`);
      await cut.strike();
      cutAt = Date.now();
      await sleep(cutMs);
      joinedAt = Date.now();
      await cut.undo();
    },
    undo: async () => {
      await cut.undo();
      await untilPodsAreReady(undefined, 1);
    },
  }).finally(() => Promise.all([sides.majority.stop(), sides.cutOff.stop()]));

  const during = ({ startedAt }: Order) => startedAt > cutAt && startedAt < joinedAt - answerMs;
  const [served, refused] = [sides.majority.orders.filter(during), sides.cutOff.orders.filter(during)];
  console.log(
    `orders by status during the cut: two zones ${counted(served)}; the one cut off ${counted(refused)}`,
  );
  const settled = served.filter(({ startedAt }) => startedAt > joinedAt - answerMs - settledMs);
  expect(
    settled.filter(acknowledged).length,
    'orders of the two zones at the end of the cut',
  ).toBeGreaterThan(settled.length / 2);
  expect(refused.filter(acknowledged), 'orders that the zone acknowledged while it was cut off').toEqual([]);
  expect(refused.length, 'orders at the zone that was cut off').toBeGreaterThan(0);
  for (const { client, orders } of Object.values(sides))
    for (const { id } of orders.filter(acknowledged))
      expect((await client.get(`/api/orders/${id}`)).status, `acknowledged order ${id}`).toBe(200);
  const { objections } = await judge(run, { mayFail: true });
  expect(objections).toEqual([]);
}
