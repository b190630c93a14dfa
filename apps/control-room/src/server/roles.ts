import { etcdLeader, redisPrimary } from '@shop/chaos/topology/targets.ts';
import { databaseNodes, primaryNode } from '@shop/chaos/topology/topology.ts';
import type { Role } from '../shared/snapshot.ts';

/** The groups of services of which one leads, and how to find it. */
const groups: { services: RegExp; leads: Role; follows: Role; find: () => Promise<string> }[] = [
  {
    services: new RegExp(`^(${databaseNodes.join('|')})$`),
    leads: 'primary',
    follows: 'replica',
    find: primaryNode,
  },
  { services: /^redis-\d$/, leads: 'primary', follows: 'replica', find: redisPrimary },
  { services: /^etcd-\d$/, leads: 'leader', follows: 'follower', find: etcdLeader },
];

/** Gives the role of a service; `undefined` where it has none, or none of its group leads now. */
export type RoleOf = (service: string) => Role | undefined;

/** Asks each group which of its services leads. A group without a leader, such as during a failover, has no roles. */
export async function readRoles(): Promise<RoleOf> {
  const leaders = await Promise.all(groups.map(({ find }) => find().catch(() => undefined)));
  return (service) => {
    const index = groups.findIndex(({ services }) => services.test(service));
    const [group, leader] = [groups[index], leaders[index]];
    if (!group || !leader) return undefined;
    return leader === service ? group.leads : group.follows;
  };
}
