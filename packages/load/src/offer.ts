import { openLoop, type Rate } from './open-loop.ts';
import { type Sample, type Send, sample } from './samples.ts';

/**
 * Open loop: `perSecond` calls a second for `seconds`, or until the signal, whether earlier calls are answered or not.
 */
export async function offer(
  send: Send,
  { perSecond, seconds, signal }: { perSecond: Rate; seconds: number; signal?: AbortSignal },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const end = AbortSignal.timeout(seconds * 1000);
  await openLoop({
    perSecond,
    signal: signal ? AbortSignal.any([end, signal]) : end,
    begin: async (index) => {
      samples.push(await sample(send, index));
    },
  });
  return samples;
}

/**
 * Closed loop: `clients` clients, each of which sends its next call when the last one is answered; measures the
 * capacity.
 */
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
