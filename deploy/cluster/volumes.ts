import { nodes } from '@shop/cluster/own-cluster.ts';

const volumesPerNode = 8;
/** The largest claim of values-laptop.yaml. Only the scheduler uses the number: a folder has no limit. */
const storage = '2Gi';

/** The volumes of the cluster in containers: infra/kubernetes/worker.sh makes a folder for each. A volume has one claim. */
export function volumes(): object {
  const items = nodes.flatMap((node) =>
    Array.from({ length: volumesPerNode }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${node}-${index + 1}` },
      spec: {
        capacity: { storage },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'local',
        // Only `npm run kubernetes -- reset` deletes data.
        persistentVolumeReclaimPolicy: 'Retain',
        local: { path: `/data/volumes/${index + 1}` },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
            ],
          },
        },
      },
    })),
  );
  return { apiVersion: 'v1', kind: 'List', items };
}
