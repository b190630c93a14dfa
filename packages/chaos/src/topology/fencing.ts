import { container as containerOf } from '@shop/docker/engine-api.ts';
import { execIn, outputSince } from '@shop/docker/in-container.ts';
import pWaitFor from 'p-wait-for';
import type { History } from '../workload/history.ts';
import { running } from './topology.ts';

/** The fencer's log since a moment, as texts. */
export async function fencerSaid(since: number): Promise<string[]> {
  const [fencer] = await running('fencer');
  const lines = await outputSince(fencer!.id, since);
  return lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line).msg);
}

/** The longest time in which no order was acknowledged, in a run in which shoppers order all the time. */
export function longestStallOfOrdersMs({ operations }: History): number {
  const acknowledgedAt = operations
    .filter(({ kind, outcome, order }) => kind === 'order' && outcome === 'ok' && !order?.refused)
    .map(({ endedAt }) => endedAt)
    .sort((a, b) => a - b);
  if (acknowledgedAt.length <= 10)
    throw new Error(`only ${acknowledgedAt.length} orders were acknowledged: too few to tell a stall`);
  return Math.max(...acknowledgedAt.slice(1).map((at, index) => at - acknowledgedAt[index]!));
}

/** When a container was last started: another time means that it was started again. */
export async function startedAt(service: string): Promise<string> {
  const [container] = await running(service);
  return (await containerOf(container!.id).inspect()).State.StartedAt;
}

/** Waits for a moment in which no node holds Patroni's leader key. @returns false when there was none in this time. */
export async function untilNobodyLeads(timeoutMs: number): Promise<boolean> {
  const [etcd] = await running('etcd-1');
  const key = Buffer.from('/service/shop/leader').toString('base64');
  const question = JSON.stringify({ key, count_only: true });
  const url = 'http://127.0.0.1:2379/v3/kv/range';
  const isFree = async () => {
    const answer = await execIn(etcd!.id, 'curl', '-fsS', '--max-time', '2', '--data', question, url);
    return Number(JSON.parse(answer).count ?? 0) === 0 && pWaitFor.resolveWith(true);
  };
  return await pWaitFor(isFree, {
    interval: 50,
    timeout: { milliseconds: timeoutMs, fallback: () => false },
  });
}

/**
 * Waits until Patroni on a database node asks the others for their positions, which it does only in an election. It
 * then has a connection to their API; to a node that hangs, for two seconds.
 */
export async function untilAskingForVotes(node: string): Promise<void> {
  const [container] = await running(node);
  const port = (8008).toString(16).toUpperCase().padStart(4, '0');
  const isAsking = async () =>
    (await execIn(container!.id, 'cat', '/proc/net/tcp'))
      .split('\n')
      .some((line) => line.trim().split(/\s+/)[2]?.endsWith(`:${port}`));
  await pWaitFor(isAsking, {
    interval: 50,
    timeout: { milliseconds: 5_000, message: `${node} asks no node for a vote` },
  });
}
