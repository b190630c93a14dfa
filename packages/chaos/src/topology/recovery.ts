import { container } from '@shop/docker/engine-api.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';
import { patienceMs } from './patience.ts';
import { quiesce } from './quiesce.ts';
import { untilReplicasServe } from './ready.ts';
import { redisCli, redisPrimary } from './targets.ts';
import { type Container, primaryNode, queryNode, running } from './topology.ts';

/** What a tier must be able to do before the next fault may strike, by the beginning of its services' names. */
const tiers: [RegExp, () => Promise<void>][] = [
  [/^edge/, edgesAnswer],
  [/^api/, async () => untilReplicasServe(edges[1], (await running('api')).length)],
  [/^(db|etcd)/, replicasCount],
  [/^redis/, redisReplicates],
];

/** Waits until the struck containers do their part again: the shop promises to survive one fault at a time. */
export async function recovered(containers: Container[]): Promise<void> {
  for (const container of containers) await started(container);
  for (const [pattern, isBack] of tiers) {
    if (containers.some(({ service }) => pattern.test(service))) await isBack();
  }
}

/**
 * Waits until a container runs and is no longer starting. Docker's health check is used for nothing else: after a pause
 * its result may be half a minute old. The mail sink reads thousands of mails when it starts; only jobs wait for it,
 * and the checkers wait for the jobs.
 */
export async function started({ id, name, service }: Container): Promise<void> {
  const isUp = async () => {
    const { Status, Health } = (await container(id).inspect()).State;
    return Status === 'running' && (service === 'mail' || Health?.Status !== 'starting');
  };
  const timeout = { milliseconds: patienceMs, message: `${name} does not start` };
  await pWaitFor(isUp, { interval: 300, timeout });
}

/**
 * Both replicas have everything, and Patroni counts them as synchronous: only then would another failover have its
 * quorum.
 */
async function replicasCount(): Promise<void> {
  await quiesce();
  const sql = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'";
  const bothCount = async () => (await queryNode(await primaryNode(), sql))[0]?.[0] === '2';
  const timeout = { milliseconds: patienceMs, message: 'the quorum does not count on both replicas' };
  await pWaitFor(() => bothCount().catch(() => false), { interval: 300, timeout });
}

async function edgesAnswer(): Promise<void> {
  for (const edge of edges) {
    const answers = async () => (await fetch(`${edge}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
    const timeout = { milliseconds: patienceMs, message: `${edge} does not answer` };
    await pWaitFor(() => answers().catch(() => false), { interval: 300, timeout });
  }
}

async function redisReplicates(): Promise<void> {
  const hasBoth = async () => {
    const role = await redisCli(await redisPrimary(), 'info replication');
    return /role:master/.test(role) && /connected_slaves:2/.test(role) && !/state=(?!online)/.test(role);
  };
  const timeout = { milliseconds: patienceMs, message: 'the Redis master does not have its two replicas' };
  await pWaitFor(() => hasBoth().catch(() => false), { interval: 300, timeout });
}
