import { leadBackToSoundReplicas } from '@shop/chaos/topology/broken-replicas.ts';
import { missingVariables, namespaceUnderTest } from '@shop/shop-client/topology-under-test.ts';

/**
 * Playwright runs this before the first test. Specs kill containers and buy products: without the name of a topology
 * they must touch nothing. On a topology that an earlier run left, the edges use the sound replicas again.
 *
 * @throws when no topology is named, with the command that names one.
 */
export default async function requireTopology(): Promise<void> {
  if (missingVariables.length > 0) {
    throw new Error(
      `No topology is named (${missingVariables.join(', ')} not set), so no test has run.\n` +
        'These tests work on a running topology. `npm test` starts one of its own and names it:\n\n' +
        '  npm test -- --keep FILE\n',
    );
  }
  if (!namespaceUnderTest) await leadBackToSoundReplicas();
}
