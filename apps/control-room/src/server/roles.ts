import { databaseNodes } from '@shop/chaos/topology/topology.ts';
import type { Role } from '../shared/snapshot.ts';
import type { RoleOf } from './snapshot.ts';

type Group = 'database' | 'redis' | 'etcd';

/** The groups of services of which one leads. */
const groups: { group: Group; services: RegExp; leads: Role; follows: Role }[] = [
  {
    group: 'database',
    services: new RegExp(`^(${databaseNodes.join('|')})$`),
    leads: 'primary',
    follows: 'replica',
  },
  { group: 'redis', services: /^redis-\d$/, leads: 'primary', follows: 'replica' },
  { group: 'etcd', services: /^etcd-\d$/, leads: 'leader', follows: 'follower' },
];

/**
 * Asks each group which of its services leads. A group without a leader, such as during a failover, has no roles.
 *
 * @param find finds the service of a group that leads. It may fail.
 */
export const rolesBy = (find: Record<Group, () => Promise<string>>) => async (): Promise<RoleOf> => {
  const leaders = await Promise.all(groups.map(({ group }) => find[group]().catch(() => undefined)));
  return (service) => {
    const index = groups.findIndex(({ services }) => services.test(service));
    const [group, leader] = [groups[index], leaders[index]];
    if (!group || !leader) return undefined;
    return leader === service ? group.leads : group.follows;
  };
};
