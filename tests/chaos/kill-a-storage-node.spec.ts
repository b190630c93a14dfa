import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nothingFailed } from '@shop/chaos/checkers/nothing-failed.ts';
import { uploadsAreIntact } from '@shop/chaos/checkers/uploads-are-intact.ts';
import { killed } from '@shop/chaos/faults/kill.ts';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { withToxiproxy } from '@shop/chaos/faults/slow.ts';
import { runScenario } from '@shop/chaos/scenarios/run.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { find } from '@shop/chaos/topology/targets.ts';
import type { Container } from '@shop/chaos/topology/topology.ts';
import { settingsOf } from '@shop/chaos/topology/variants.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';

/** How long an edge waits for one node of the storage (infra/edge/nginx/upload.conf). */
const edgePatienceMs = 10_000;

/** After this, the other nodes have noticed that the node is dead, and treat it as they would hours later. */
const settledMs = 2_000;

test('uploads succeed when the storage node that receives them is killed in the middle', async () => {
  const node = await find('minio');
  const damage = killed(node);
  const run = await runScenario({
    name: 'kill-a-node-that-takes-uploads',
    ratePerSecond: 20,
    fault: async (history, shoppers) => {
      for (let round = 0; round < 2; round += 1) {
        const uploads = shoppers.burst('upload', 12);
        // At another moment of the uploads in each round.
        await sleep(100 + 100 * round);
        history.mark(damage.name);
        await damage.strike();
        await uploads;
        await damage.undo();
        await recovered([node]);
      }
    },
    undo: async () => {
      await damage.undo();
      await recovered([node]);
    },
    afterMs: 1_000,
  });
  nothingFailed(run.history);
  await uploadsAreIntact(run);
});

/** Sends an upload while its first storage node accepts connections and does not answer. @returns the edge's status. */
async function uploadWhileSilent(proxy: Container): Promise<number> {
  const shopper = new ShopClient(edges[0]);
  await shopper.register();
  const bytes = Buffer.from('no picture, but bytes');
  const body = {
    filename: 'photo.png',
    contentType: 'image/png',
    sizeBytes: bytes.length,
    purpose: 'review',
  };
  const { uploadId, url, headers } = (await shopper.post('/api/uploads', { key: randomUUID(), body })).body;
  // The storage refuses this signature, so an upload that succeeds was sent with the edge's second signature.
  const withWrongSignature = url.replace('X-Amz-Signature=', 'X-Amz-Signature=0');
  const send = () =>
    shopper.put(withWrongSignature, { body: bytes, headers, signal: AbortSignal.timeout(30_000) });
  expect((await send()).status).toBe(400);
  let sent: ReturnType<typeof send>;
  try {
    await pause(proxy);
    sent = send();
    // Well into the second attempt.
    await sleep(edgePatienceMs + 3_000);
  } finally {
    await unpause(proxy);
  }
  const { status } = await sent;
  const complete = await shopper.post(`/api/uploads/${uploadId}/complete`);
  expect(complete.status).toBe(status === 200 ? 202 : 409);
  return status;
}

// A proxy before the storage falls silent, and not a node: nodes that were frozen take seconds to find each other again.
test('an upload goes to its second place when the first gives no answer', async () => {
  expect(await withToxiproxy(['edge-1'], uploadWhileSilent)).toBe(200);
});

test('control: an edge that knows one storage node refuses the same upload', async () => {
  const broken = settingsOf('edge-knows-one-place');
  expect(await withToxiproxy(['edge-1'], uploadWhileSilent, broken)).toBe(400);
});

test('uploads and their pictures succeed while a node of the object storage is dead', {
  tag: '@nightly',
}, async () => {
  const node = await find('minio');
  const damage = killed(node);
  const run = await runScenario({
    name: 'kill-a-storage-node',
    ratePerSecond: 20,
    fault: async (history, shoppers) => {
      history.mark(damage.name);
      await damage.strike();
      for (let round = 0; round < 3; round += 1) {
        await sleep(settledMs);
        await shoppers.burst('upload', 2);
      }
    },
    undo: async () => {
      await damage.undo();
      await recovered([node]);
    },
    afterMs: 1_000,
  });
  nothingFailed(run.history);
  await uploadsAreIntact(run);
});
