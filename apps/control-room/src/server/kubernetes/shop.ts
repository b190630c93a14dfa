import { databaseNodes } from '@shop/chaos/topology/topology.ts';
import type { Access } from '@shop/cluster/kubectl.ts';
import { clusterTopology } from '@shop/cluster/own-cluster.ts';
import { edgeOrigins } from '@shop/docker/topology.ts';
import type { Shop } from '../shop.ts';
import { explain, readCounts } from '../statements/database.ts';
import { StatementReader } from '../statements/reader.ts';
import { handsOn } from './hands.ts';
import { foreignCluster, ownCluster } from './place.ts';
import { pauses, questionsAbout } from './questions.ts';

/** The shop as pods of a namespace: on a cluster that is there where a context is named, else on that in containers. */
export function shopOn(access: Access): Shop {
  const { context, namespace } = access;
  return {
    place: context ? foreignCluster(context, namespace) : ownCluster(namespace),
    questions: questionsAbout(access),
    pauses,
    hands: handsOn(access),
    edges: context ? [] : edgeOrigins(clusterTopology()),
    statements: new StatementReader({ nodes: databaseNodes, counts: readCounts, explain }),
  };
}
