import type { Send } from '@shop/load/samples.ts';
import type { Reply } from '@shop/shop-client/shop-client.ts';

/** What is asked of each shop, by the names in the table. */
export const peerCalls = ['order', 'own orders', 'product detail', 'list of 24'] as const;
export type PeerCall = (typeof peerCalls)[number];

export const peers = ['vendure', 'medusa'] as const;
export type PeerName = (typeof peers)[number];

/** Compose's project of all peers; the services of each begin with its name. */
export const peersProject = 'shop-peers';

/** The first products of a peer's list, which its clients order: as many as those of our own shop's clients. */
export const productsToOrder = 30;

/** Signs in `count` clients. @returns what prepares each call, for example the orders that it reads. */
export type MakeCalls = (count: number) => Promise<Record<PeerCall, () => Promise<Send>>>;

/** @throws when the shop refused, with its answer. */
export function accepted(step: string, reply: Reply): Reply {
  const refused = reply.status < 200 || reply.status > 299 || reply.body.errors;
  if (refused) throw new Error(`${step}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply;
}
