import pWaitFor from 'p-wait-for';
import { ShopClient } from '../client/shop-client.ts';

/** The replicas that answer through an edge now, found by asking often enough that each had its turn. */
export async function servingReplicas(edge: string, tries = 30): Promise<Set<string>> {
  const client = new ShopClient(edge);
  const seen = new Set<string>();
  for (let index = 0; index < tries; index += 1) {
    const { status, body } = await client.get('/api/whoami');
    if (status === 200) seen.add(body.replica);
  }
  return seen;
}

/** Waits until exactly `count` replicas serve through an edge. */
export async function untilReplicasServe(edge: string, count: number, timeoutMs = 60_000): Promise<void> {
  let seen = new Set<string>();
  await pWaitFor(
    async () => {
      seen = await servingReplicas(edge, count * 6);
      return seen.size === count;
    },
    { interval: 500, timeout: timeoutMs },
  ).catch(() => {
    throw new Error(`${count} replicas should serve through ${edge}, seen: ${[...seen].join(' ')}`);
  });
}

/** The versions that answer through an edge now. */
export async function versionsThatServe(edge: string, tries = 30): Promise<Set<string>> {
  const client = new ShopClient(edge);
  const seen = new Set<string>();
  for (let index = 0; index < tries; index += 1) {
    const { status, body } = await client.get('/api/whoami');
    if (status === 200) seen.add(body.version);
  }
  return seen;
}
