import type { Mix } from '@shop/capacity/mixes.ts';

/** `length` calls in the shares of a mix. Each call is the one that is furthest behind its share, so no call comes in a row. */
export function sequenceOf(mix: Mix, length: number): string[] {
  const sent = new Map<string, number>();
  return Array.from({ length }, (_, index) => {
    const behind = ([call, share]: [string, number]) => share * (index + 1) - (sent.get(call) ?? 0);
    const [call] = Object.entries(mix).reduce((a, b) => (behind(b) > behind(a) ? b : a));
    sent.set(call, (sent.get(call) ?? 0) + 1);
    return call;
  });
}
