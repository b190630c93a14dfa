import { kubectl, podsOf } from '@shop/cluster/kubectl.ts';
import { clusterUnderTest } from './cluster-under-test.ts';

const askRole =
  'REDISCLI_AUTH=$(cat /run/secrets/redis/password) timeout 2 redis-cli --no-auth-warning role | head -1';

/** The pod whose Redis says that it is the master. @throws when none says so. */
export async function redisMasterPod(): Promise<string> {
  const access = clusterUnderTest();
  for (const { name, ready } of await podsOf(access, 'redis')) {
    if (!ready) continue;
    const role = await kubectl(access, ['exec', name, '--', 'sh', '-c', askRole]).catch(() => '');
    if (role.trim() === 'master') return name;
  }
  throw new Error('no pod of Redis says that it is the master');
}
