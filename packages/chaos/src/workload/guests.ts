import { Probe } from '@shop/load/probe.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { Agent } from 'undici';

/**
 * Guests who look at a product, `perSecond` in all, each under an address that the edge's cache does not know. No limit by
 * address counts this call, and here all clients share one address: after a pause of the machine the open loop sends what is
 * overdue at once, which is more than one address may call in a second. `agent`: the guests' connections, by default those that
 * all clients of this process share.
 */
export async function guestsWhoLook(edge: string, perSecond: number, agent?: Agent): Promise<Probe> {
  const guest = new ShopClient(edge, agent);
  const { body } = await guest.get('/api/products?limit=1');
  const path = `/api/products/${body.items[0].slug}`;
  return new Probe(async (index) => {
    const { status, body } = await guest.get(`${path}?look=${index}`);
    if (status !== 200) throw new Error(`answered ${status} ${body.code}`);
  }, perSecond);
}

/** As `guestsWhoLook`, and each look opens a connection of its own. */
export async function guestsWhoArrive(edge: string, perSecond: number): Promise<Probe> {
  return await guestsWhoLook(edge, perSecond, new Agent({ pipelining: 0 }));
}
