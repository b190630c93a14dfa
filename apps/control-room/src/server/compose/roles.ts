import { etcdLeader, redisPrimary } from '@shop/chaos/topology/targets.ts';
import { primaryNode } from '@shop/chaos/topology/topology.ts';
import { rolesBy } from '../roles.ts';

/** Asks the containers of each group which of them leads. */
export const readRoles = rolesBy({ database: primaryNode, redis: redisPrimary, etcd: etcdLeader });
