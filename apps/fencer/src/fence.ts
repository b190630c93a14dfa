import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Engine } from './engine.ts';
import type { Etcd, Leader } from './etcd.ts';

/** The operations that fencing uses. */
export interface Means {
  etcd: Pick<Etcd, 'readLeader' | 'revokeLease'>;
  engine: Pick<Engine, 'findDatabase' | 'inspect' | 'kill' | 'start'>;
  /** The container of this leader, when the kernel has ended the process in which the leader ran. */
  findGone(leader: Leader): Promise<string | undefined>;
  /** Remembers the process of a leader that lives. */
  remember(leader: Leader): Promise<void>;
  /** Cheap, so it is asked all the time: was the leader's death reported, or does it not answer us? */
  isSuspected(leader: Leader): Promise<boolean>;
  /**
   * Expensive, so it is asked only about a suspect that runs: has it been silent for long enough, also for a second
   * witness?
   */
  isProvenSilent(leader: Leader): Promise<boolean>;
  /**
   * Whether a death must be proven before the lease is freed. Always true, except in the test that must fail without
   * it.
   */
  provesDeath: boolean;
  /** How long the container stays down, so that its start does not compete with the failover for the processor. */
  restartDelayMs: number;
  log: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Checks once whether the leader is dead. If so, it frees the leader's lease, so that a replica is promoted now and not
 * when the lease expires (Patroni's `ttl`, 20 s).
 *
 * The order makes it safe. Freeing the lease of a live primary would lose acknowledged orders, since the replica that
 * is not promoted may still be confirming its commits. So:
 *   1. the lease is read first, and only that one is ever revoked: no later leader can hold it;
 *   2. the container is found by the leader's name, and there is exactly one;
 *   3. it is killed if it still runs, by its id;
 *   4. the kernel or the engine says, after all that, that it runs no more: the process that held the lease of (1) is dead;
 *   5. the lease is revoked;
 *   6. the container is started again and rejoins as a replica.
 * Any delay, crash or repetition between two steps leaves that true, also if an operator starts the container meanwhile: a
 * Patroni that starts puts its key under a lease of its own before its Postgres may write, and (5) cannot touch that
 * one. Events of the engine only say when to look.
 */
export async function checkLeader(means: Means): Promise<'no leader' | 'alive' | 'not proven' | 'fenced'> {
  const { etcd, engine, log } = means;
  const leader = await etcd.readLeader();
  if (!leader) return 'no leader';

  const gone = await means.findGone(leader);
  if (gone) return freeLease(means, leader, gone);

  if (!(await means.isSuspected(leader))) {
    await means.remember(leader);
    return 'alive';
  }
  if (!means.provesDeath) {
    await etcd.revokeLease(leader.leaseId);
    return 'fenced';
  }
  const { id, running } = await engine.findDatabase(leader.name);
  if (running && !(await means.isProvenSilent(leader))) return 'not proven';
  log.info({ leader, running }, 'leader is dead or silent: making sure');
  if (running) await engine.kill(id);
  if ((await engine.inspect(id)).running) {
    log.warn({ leader }, 'container runs after all: its lease is left alone');
    return 'not proven';
  }
  return freeLease(means, leader, id);
}

/** Steps 5 and 6, of a leader whose death is proven. */
async function freeLease({ etcd, engine, log, restartDelayMs }: Means, leader: Leader, containerId: string) {
  log.info({ leader }, 'leader is dead: freeing its lease');
  const startedAt = performance.now();
  try {
    await etcd.revokeLease(leader.leaseId);
    const durationMs = Math.round(performance.now() - startedAt);
    log.info({ leader, durationMs }, 'leader fenced: its lease is free');
  } finally {
    await sleep(restartDelayMs);
    await engine.start(containerId);
  }
  return 'fenced' as const;
}
