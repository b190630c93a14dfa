import { offer, saturate } from '@shop/load/offer.ts';
import type { Rate } from '@shop/load/open-loop.ts';
import { quantileMs, type Sample, type Send } from '@shop/load/samples.ts';
import { Agent, request } from 'undici';

/** What came of a load. Rates a second, times in milliseconds. */
export type LoadResult = {
  perSecond: number;
  p50Ms: number;
  p90Ms: number;
  p99Ms: number;
  /** Calls that were answered with something other than 2xx, or not at all. */
  failed: number;
  total: number;
  /** Answers by the box that gave them, as `x-served-by` names it. */
  byBox: Map<string, number>;
  /** Processors that the load generator itself used: at nearly 1 it is what limits the rate. */
  generatorCpus: number;
  samples: Sample[];
};

/**
 * A closed loop of `clients`, which finds what is carried; or an open loop of `perSecond`, which finds how long it takes,
 * and which a signal can end before its time.
 */
export type Load = { seconds: number } & ({ clients: number } | { perSecond: Rate; signal?: AbortSignal });

/** Offers a load of any calls. @param send sends one call and returns its answer. */
export async function measureLoad(send: Send, load: Load): Promise<LoadResult> {
  const byBox = new Map<string, number>();
  const counting: Send = async (index) => {
    const answer = await send(index);
    const box = String(answer.headers['x-served-by'] ?? '');
    byBox.set(box, (byBox.get(box) ?? 0) + 1);
    return answer;
  };
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const samples = 'clients' in load ? await saturate(counting, load) : await offer(counting, load);
  const tookMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  const good = samples.filter(({ status }) => status >= 200 && status < 300);
  return {
    perSecond: (good.length / tookMs) * 1000,
    p50Ms: good.length > 0 ? quantileMs(good, 0.5) : Number.NaN,
    p90Ms: good.length > 0 ? quantileMs(good, 0.9) : Number.NaN,
    p99Ms: good.length > 0 ? quantileMs(good, 0.99) : Number.NaN,
    failed: samples.length - good.length,
    total: samples.length,
    byBox,
    generatorCpus: (user + system) / 1000 / tookMs,
    samples,
  };
}

// One request in a connection at a time, as a browser's HTTP/1.1 does; silence of half a minute is a failure.
const agent = new Agent({ pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 });

/** Sends GETs of a path; `headers` may depend on the call. The body is read and thrown away. */
export function getting(
  origin: string,
  path: string | ((index: number) => string),
  headers: (index: number) => Record<string, string> = () => ({}),
): Send {
  return async (index) => {
    const url = `${origin}${typeof path === 'string' ? path : path(index)}`;
    const answer = await request(url, { dispatcher: agent, headers: headers(index) });
    await answer.body.dump({ limit: 10_000_000 });
    return { status: answer.statusCode, headers: answer.headers };
  };
}
