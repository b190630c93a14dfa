import { saturate } from '@shop/load/offer.ts';
import { quantileMs, type Send } from '@shop/load/samples.ts';

/** Node compiles a function after it has run some hundred times; all replicas and workers of a shop share the calls. */
const warmUpSecondsOf = (call: string) => (/^(cart and )?order$/.test(call) ? 20 : 8);

/**
 * Clients send a call again as soon as it is answered. The warm-up does not count. What a call causes belongs to its
 * cost, so each reading waits until that is done.
 *
 * @param settled resolves when nothing that a call has caused waits any more.
 * @param read reads what the containers have used.
 * @throws when a call is refused.
 */
export async function measuredCall<Reading>(
  name: string,
  send: Send,
  load: { clients: number; seconds: number },
  settled: () => Promise<void>,
  read: () => Promise<Reading>,
) {
  await saturate(send, { ...load, seconds: warmUpSecondsOf(name) });
  await settled();
  const before = await read();
  const startedAt = performance.now();
  const samples = await saturate(send, load);
  // The last calls are answered after the end of the load.
  const seconds = (performance.now() - startedAt) / 1000;
  await settled();
  const after = await read();

  const refused = samples.filter(({ status }) => status < 200 || status > 299);
  if (refused.length > 0) {
    throw new Error(`${name}: ${refused.length} calls were refused, the first with ${refused[0]!.status}`);
  }
  const sent = {
    calls: samples.length,
    seconds,
    medianMs: quantileMs(samples, 0.5),
    p99Ms: quantileMs(samples, 0.99),
  };
  return { sent, before, after };
}
