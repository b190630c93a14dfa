import { type Container, databaseNodes, primaryNode, running, runOn } from './topology.ts';

export const redisNodes = ['redis-1', 'redis-2', 'redis-3'];
export const etcdNodes = ['etcd-1', 'etcd-2', 'etcd-3'];

/**
 * Every kind of container of the topology, and how to find the one that has the role at this moment. Where several are
 * alike it is the first; the edge is the one that the shoppers use.
 */
const finders = {
  edge: () => first('edge-1'),
  api: () => first('api'),
  worker: () => first('worker'),
  pgbouncer: () => first('pgbouncer'),
  haproxy: () => first('haproxy-1'),
  'db-primary': async () => first(await primaryNode()),
  'db-replica': async () => first(await otherThan(await primaryNode(), databaseNodes)),
  'etcd-leader': async () => first(await etcdLeader()),
  'etcd-follower': async () => first(await otherThan(await etcdLeader(), etcdNodes)),
  'redis-primary': async () => first(await redisPrimary()),
  'redis-replica': async () => first(await otherThan(await redisPrimary(), redisNodes)),
  sentinel: () => first('sentinel-1'),
  cache: () => first('cache'),
  minio: () => first('minio-1'),
  payments: () => first('payments'),
  mail: () => first('mail'),
  fencer: () => first('fencer'),
  prometheus: () => first('prometheus'),
  traces: () => first('traces'),
} satisfies Record<string, () => Promise<Container>>;

export type Target = keyof typeof finders;
export const allTargets = Object.keys(finders) as Target[];

export async function find(target: Target): Promise<Container> {
  return await finders[target]();
}

async function first(service: string): Promise<Container> {
  const [container] = await running(service);
  return container!;
}

async function otherThan(node: string, nodes: readonly string[]): Promise<string> {
  return nodes.find((other) => other !== node)!;
}

/** The node that is the master according to the Sentinels; the first Sentinel that answers is asked. */
export async function redisPrimary(): Promise<string> {
  for (const sentinel of ['sentinel-1', 'sentinel-2', 'sentinel-3']) {
    const answer = await redisCli(sentinel, '-p 26379 sentinel get-master-addr-by-name shop').catch(() => '');
    // Addresses are fixed in infra/redis/compose.yml: the last digit is the node's number.
    const [, number] = /^\d+\.\d+\.2\.2(\d)$/m.exec(answer) ?? [];
    if (number) return `redis-${number}`;
  }
  throw new Error('no Sentinel knows a master');
}

/**
 * The node whose Redis says that it is the master; on Kubernetes, the address that a Sentinel knows names no node.
 * @throws when none says so.
 */
export async function redisThatLeads(): Promise<string> {
  for (const node of redisNodes) if (await redisLeads(node).catch(() => false)) return node;
  throw new Error('no Redis says that it is the master');
}

/** Whether this node's Redis says that it is the master. @throws when it does not answer. */
export const redisLeads = async (node: string) => (await redisCli(node, 'role')).startsWith('master');

/** Runs `redis-cli` on a node of Redis or Sentinel, with the password that is there. */
export async function redisCli(node: string, args: string): Promise<string> {
  const command = `REDISCLI_AUTH=$(cat /run/secrets/redis/password) timeout 2 redis-cli --no-auth-warning ${args}`;
  return await runOn(node, 'sh', '-c', command);
}

/** The member that says it leads. */
export async function etcdLeader(): Promise<string> {
  for (const node of etcdNodes) if (await etcdLeads(node).catch(() => false)) return node;
  throw new Error('no member of etcd leads');
}

/** Whether this member says that it leads. @throws when it does not answer. */
export async function etcdLeads(node: string): Promise<boolean> {
  const url = 'http://127.0.0.1:2379/v3/maintenance/status';
  const answer = await runOn(node, 'curl', '-fsS', '--max-time', '2', '--data', '{}', url);
  const { header, leader } = JSON.parse(answer);
  return Boolean(leader) && header.member_id === leader;
}
