import { container, engine, ofCompose } from '@shop/docker/engine-api.ts';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { edges, project } from '@shop/shop-client/topology-under-test.ts';
import pWaitFor from 'p-wait-for';
import { compose } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/**
 * SIGKILL to every container of the project at once. The machine's memory survives, so data that a process had handed
 * to the kernel is on disk afterwards. A real power cut, with its test of fsync, is not shown by this.
 *
 * The undo does what an operator does, `docker compose up`, and then waits until both edges serve from the database.
 */
export function powerCut(): Fault {
  return {
    name: 'every container killed at once',
    async strike() {
      // Also paused containers and those that are being restarted.
      const running = await engine().listContainers({ filters: { label: ofCompose({ project }) } });
      await Promise.all(running.map(({ Id }) => container(Id).kill()));
    },
    async undo() {
      await compose(['up', '--detach', '--no-build', '--no-recreate']);
      await Promise.all(edges.map(untilServed));
    },
  };
}

/** Waits until a write through this edge succeeds: then everything that a shopper needs works. */
async function untilServed(edge: string): Promise<void> {
  const attempt = () =>
    new ShopClient(edge).register().then(
      () => true,
      () => false,
    );
  const message = `${edge} serves no request`;
  await pWaitFor(attempt, { interval: 500, timeout: { milliseconds: 180_000, message } });
}
