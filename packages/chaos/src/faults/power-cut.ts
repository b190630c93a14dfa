import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges, project } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';
import { compose, docker } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/**
 * SIGKILL to every container of the project at once. The machine's own memory survives, so what a process had handed
 * to the kernel is on disk afterwards: the host's power cut, fsync and all, is not what this shows.
 *
 * The undo is what an operator does, `docker compose up`, and then waits until both edges serve from the database.
 */
export function powerCut(): Fault {
  return {
    name: 'every container killed at once',
    async strike() {
      const filter = `label=com.docker.compose.project=${project}`;
      const ids = (await docker('ps', '--quiet', '--filter', filter)).split('\n').filter(Boolean);
      await docker('kill', ...ids);
    },
    async undo() {
      await compose(['up', '--detach', '--no-build', '--no-recreate']);
      await Promise.all(edges.map(untilServed));
    },
  };
}

/** Waits until a write went through this edge: everything that a shopper needs is there then. */
async function untilServed(edge: string): Promise<void> {
  const attempt = () =>
    new ShopClient(edge).register().then(
      () => true,
      () => false,
    );
  const message = `${edge} serves no request`;
  await pWaitFor(attempt, { interval: 500, timeout: { milliseconds: 180_000, message } });
}
