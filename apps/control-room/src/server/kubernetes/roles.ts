import { etcdLeads, etcdNodes, redisLeads, redisNodes } from '@shop/chaos/topology/targets.ts';
import { databaseNodes, isPrimary } from '@shop/chaos/topology/topology.ts';
import { rolesBy } from '../roles.ts';
import { leaderAmong } from './leader-among.ts';

/** Asks the pods of each group which of them leads. */
export const readRoles = rolesBy({
  database: () => leaderAmong(databaseNodes, isPrimary),
  redis: () => leaderAmong(redisNodes, redisLeads),
  etcd: () => leaderAmong(etcdNodes, etcdLeads),
});
