import { openLoop } from './open-loop.ts';
import { type Sample, type Send, sample } from './samples.ts';

/** Open loop: `perSecond` calls a second for `seconds`, whatever becomes of the calls before. */
export async function offer(
  send: Send,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  await openLoop({
    perSecond,
    signal: AbortSignal.timeout(seconds * 1000),
    begin: async (index) => {
      samples.push(await sample(send, index));
    },
  });
  return samples;
}

/** Closed loop: `clients` clients that each send the next call when the last one is answered; finds the capacity. */
export async function saturate(
  send: Send,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const endAt = performance.now() + seconds * 1000;
  let index = 0;
  const client = async () => {
    while (performance.now() < endAt) {
      index += 1;
      samples.push(await sample(send, index));
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return samples;
}
