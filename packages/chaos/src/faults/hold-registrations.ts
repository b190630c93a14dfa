import { openSession, primaryNode, running } from '../topology/topology.ts';

/**
 * Makes registrations wait for `holdMs` at a time, for a lock on the customers, so that a replica has some in its hands
 * whenever it is told to go. Nobody else waits: what only refers to a customer needs no such lock.
 */
export async function holdRegistrations(holdMs: number): Promise<{ again(): void; end(): Promise<void> }> {
  const [primary] = await running(await primaryNode());
  const session = openSession(primary!);
  return {
    again() {
      session.stdin.write(
        `BEGIN; LOCK TABLE customers IN SHARE MODE; SELECT pg_sleep(${holdMs / 1_000}); COMMIT;\n`,
      );
    },
    async end() {
      session.stdin.end();
      await session;
    },
  };
}
