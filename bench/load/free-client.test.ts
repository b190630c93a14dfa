import { setTimeout as sleep } from 'node:timers/promises';
import { saturate } from '@shop/load/offer.ts';
import { expect, test } from 'vitest';
import { withFreeClient } from './free-client.ts';

test('no two calls have the same client at the same time, and each client gets calls', async () => {
  const busy = new Set<string>();
  const calls = new Map<string, number>();
  const meetings: string[] = [];
  const send = withFreeClient(['a', 'b', 'c'], async (client) => {
    if (busy.has(client)) meetings.push(client);
    busy.add(client);
    calls.set(client, (calls.get(client) ?? 0) + 1);
    await sleep(client === 'a' ? 9 : 2);
    busy.delete(client);
    return { status: 200, headers: {} };
  });
  await saturate(send, { clients: 3, seconds: 0.2 });
  expect(meetings).toEqual([]);
  expect([...calls.keys()].sort()).toEqual(['a', 'b', 'c']);
});

test('a client whose call failed is free again', async () => {
  let failed = false;
  const send = withFreeClient(['only'], async () => {
    if (failed) return { status: 200, headers: {} };
    failed = true;
    throw new Error('refused');
  });
  await expect(send(0)).rejects.toThrow('refused');
  expect((await send(1)).status).toBe(200);
});
