import { quantileMs } from '@shop/load/samples.ts';

/**
 * A request: the box that answered it, if one did, and with what status (0 is no answer at all), when it was sent, in
 * milliseconds since the epoch, and how long it took.
 */
export type BoxAnswer = { box: string; status: number; at: number; tookMs: number };

/** The parts of a cold start, in seconds. */
export type ColdStart = {
  /** From the decision until the engine has started the container. */
  containerS: number;
  /** Until the process listens: it has loaded its code and is connected to its stores. */
  bootS: number;
  /** Until the first request: the health check is passed, and the balancer knows the address. */
  foundS: number;
  /** Until the answers take no longer than usual: until then the box compiles, and fills caches and connections. */
  warmUpS: number;
};

/** Takes a cold start apart. Moments in milliseconds since the epoch. @param answers those of the new box, at least one. */
export function coldStartOf(
  { decidedAt, startedAt, listeningAt }: { decidedAt: number; startedAt: number; listeningAt: number },
  answers: BoxAnswer[],
): ColdStart {
  const firstAt = Math.min(...answers.map(({ at }) => at));
  return {
    containerS: (startedAt - decidedAt) / 1000,
    bootS: (listeningAt - startedAt) / 1000,
    foundS: (firstAt - listeningAt) / 1000,
    warmUpS: warmUpSeconds(answers),
  };
}

/**
 * Seconds from the first answer of a box until the first second whose median is at most one and a half times that of the
 * second half of its answers.
 */
export function warmUpSeconds(answers: Pick<BoxAnswer, 'at' | 'tookMs'>[]): number {
  const ordered = answers.toSorted((a, b) => a.at - b.at);
  const firstAt = ordered[0]!.at;
  const usualMs = quantileMs(ordered.slice(Math.floor(ordered.length / 2)), 0.5);
  const seconds = Map.groupBy(ordered, ({ at }) => Math.floor((at - firstAt) / 1000));
  const [warm] = [...seconds].find(([, some]) => quantileMs(some, 0.5) <= 1.5 * usualMs) ?? [Number.NaN];
  return warm;
}

/** When the API says in its log that it listens, in milliseconds since the epoch. */
export function listeningAt(log: string): number | undefined {
  const line = log.split('\n').find((one) => one.includes('"msg":"Server listening'));
  return line === undefined ? undefined : JSON.parse(line).time;
}
