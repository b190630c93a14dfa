import { ShopClient } from '@shop/shop-client/shop-client.ts';
import pWaitFor from 'p-wait-for';
import { patienceMs } from './patience.ts';

/**
 * The answers of `/api/whoami` through an edge, asked so often that each replica answers. All at once, because one
 * after the other they would all go to a replica that is idle.
 */
async function whoAnswers(edge: string, tries: number): Promise<{ replica: string; version: string }[]> {
  const client = new ShopClient(edge);
  const answers = await Promise.all(Array.from({ length: tries }, () => client.get('/api/whoami')));
  return answers.filter(({ status }) => status === 200).map(({ body }) => body);
}

/** The replicas that answer through an edge now. */
export async function servingReplicas(edge: string, tries = 30): Promise<Set<string>> {
  return new Set((await whoAnswers(edge, tries)).map(({ replica }) => replica));
}

/** The versions that answer through an edge now. */
export async function versionsThatServe(edge: string, tries = 30): Promise<Set<string>> {
  return new Set((await whoAnswers(edge, tries)).map(({ version }) => version));
}

/** Waits until exactly `count` replicas serve through an edge, which itself may still be starting. */
export async function untilReplicasServe(edge: string, count: number, timeoutMs = patienceMs): Promise<void> {
  let seen = new Set<string>();
  await pWaitFor(
    async () => {
      seen = await servingReplicas(edge, count * 6).catch(() => new Set());
      return seen.size === count;
    },
    { interval: 500, timeout: timeoutMs },
  ).catch(() => {
    throw new Error(`${count} replicas should serve through ${edge}, seen: ${[...seen].join(' ')}`);
  });
}
