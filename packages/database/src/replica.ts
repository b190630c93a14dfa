import type { Pool, Transaction } from './connection.ts';
import type { Consistency } from './consistency.ts';
import { isTransient } from './errors.ts';
import { retryTransient } from './primary.ts';
import { queryBuilder } from './query-builder.ts';
import { type Position, queryInTransaction, queryOnce, readOnce, type Statement } from './read-once.ts';

/** Why a node served a read; `node` is its own name, which it gives in the same transaction. */
export type ReadRecord = {
  node: string;
  role: 'primary' | 'replica';
  /** `replica-behind` and `replica-unavailable` fell back to the primary; `required` had to go there. */
  reason: 'fresh' | 'replica-behind' | 'replica-unavailable' | 'no-replica' | 'required';
  /** From the question to the answer, earlier tries included. */
  durationMs: number;
};

type ReaderOptions = {
  primary: Pool;
  replicas: Pool;
  onRead: (record: ReadRecord) => void;
  fallBackToPrimary: boolean;
  checkWatermark: boolean;
};

/** After this, asking the primary is quicker than asking another replica. */
const replicaPatienceMs = 2_000;
/** For callers that set no deadline: as long as a request may take. */
const readDeadlineMs = 8_000;

/** One try on one connection of a pool. */
type Attempt<T> = (pool: Pool, consistency: Consistency) => Promise<{ position: Position; value: T }>;

/** Reads at a consistency: from a replica when it is fresh enough, else from the primary. */
export class ReplicaReader {
  readonly #options: ReaderOptions;
  readonly #consistency: Consistency;

  constructor(options: ReaderOptions, consistency: Consistency) {
    this.#options = options;
    this.#consistency = consistency;
  }

  /** Runs `work` in a read-only transaction. It may run twice, so it must only read. */
  async read<T>(work: (tx: Transaction) => Promise<T>, deadline?: AbortSignal): Promise<T> {
    const attempt: Attempt<T> = (pool, consistency) =>
      readOnce(pool, consistency, (client) => work(queryBuilder(client)));
    return await this.#serve(attempt, deadline);
  }

  /**
   * The cheapest way to read: one prepared statement. If no watermark must be compared, it needs no transaction and is
   * one message to Postgres and one back.
   */
  async query<Row>(statement: Statement, values: unknown[], deadline?: AbortSignal): Promise<Row[]> {
    const attempt: Attempt<Row[]> = (pool, consistency) =>
      consistency === 'any'
        ? queryOnce<Row>(pool, statement, values)
        : queryInTransaction<Row>(pool, consistency, statement, values);
    return await this.#serve(attempt, deadline);
  }

  async #serve<T>(attempt: Attempt<T>, deadline?: AbortSignal): Promise<T> {
    const from = performance.now();
    if (this.#consistency === 'primary') return await this.#fromPrimary(attempt, 'required', from, deadline);
    const { replicas, onRead, fallBackToPrimary, checkWatermark } = this.#options;
    const once = () => attempt(replicas, checkWatermark ? this.#consistency : 'any');
    let reason: ReadRecord['reason'] = 'replica-behind';
    try {
      const { position, value } = fallBackToPrimary ? await retryPatiently(once, deadline) : await once();
      if (position.fresh) {
        // HAProxy sends the replicas' traffic to the primary when no replica is left.
        const { node, isPrimary } = position;
        const durationMs = performance.now() - from;
        if (isPrimary) onRead({ node, role: 'primary', reason: 'no-replica', durationMs });
        else onRead({ node, role: 'replica', reason: 'fresh', durationMs });
        return value;
      }
    } catch (error) {
      if (!fallBackToPrimary || !isUnavailable(error)) throw error;
      reason = 'replica-unavailable';
    }
    return await this.#fromPrimary(attempt, reason, from, deadline);
  }

  async #fromPrimary<T>(
    attempt: Attempt<T>,
    reason: ReadRecord['reason'],
    from: number,
    deadline: AbortSignal = AbortSignal.timeout(readDeadlineMs),
  ): Promise<T> {
    const { primary, onRead } = this.#options;
    const { position, value } = await retryTransient(() => attempt(primary, 'any'), { deadline });
    onRead({ node: position.node, role: 'primary', reason, durationMs: performance.now() - from });
    return value;
  }
}

/** The first try uses no timer, because a timer costs as much as the rest of a short read. */
async function retryPatiently<T>(attempt: () => Promise<T>, deadline?: AbortSignal): Promise<T> {
  const from = performance.now();
  try {
    return await attempt();
  } catch (error) {
    if (!isTransient(error)) throw error;
    const left = AbortSignal.timeout(Math.max(0, Math.ceil(replicaPatienceMs - (performance.now() - from))));
    return await retryTransient(attempt, { deadline: deadline ? AbortSignal.any([left, deadline]) : left });
  }
}

function isUnavailable(error: unknown): boolean {
  return isTransient(error) || (error instanceof DOMException && error.name === 'TimeoutError');
}
