import type { Transaction } from '@shop/database/connection.ts';
import type { Consistency } from '@shop/database/consistency.ts';
import type { Database } from '@shop/database/database.ts';
import type { Committed } from '@shop/database/primary.ts';
import type { QueryStatement } from '@shop/database/read-once.ts';

type Work<T> = (tx: Transaction) => Promise<T>;
type Scope = { readonly consistency: Consistency; readonly signal: AbortSignal };

/**
 * The database as one request uses it: each call ends at the request's deadline, and a read from a replica sees what
 * the request's session wrote. The call site names the node: `readReplica`, `readPrimary` or `write`.
 */
export class RequestDatabase {
  readonly #db: Database;
  readonly #request: Scope;

  constructor(db: Database, request: Scope) {
    this.#db = db;
    this.#request = request;
  }

  /** From a replica that has replayed what this session wrote. The primary answers when no replica has. */
  async readReplica<T>(work: Work<T>): Promise<T> {
    return await this.#db.replica(this.#request.consistency).read(work, this.#request.signal);
  }

  /** As `readReplica`, by one prepared statement: the shortest way (`ReplicaReader.query`). */
  readonly queryReplica: QueryStatement = (statement, values) =>
    this.#db.replica(this.#request.consistency).query(statement, values, this.#request.signal);

  /** From the primary, for a decision that must not rest on an older state. */
  async readPrimary<T>(work: Work<T>): Promise<T> {
    return await this.#db.replica('primary').read(work, this.#request.signal);
  }

  /**
   * One transaction on the primary. It returns when a standby has the commit.
   *
   * @throws CommitUnknownError when the answer to COMMIT is lost.
   */
  async write<T>(work: Work<T>): Promise<Committed<T>> {
    return await this.#db.primary.transaction(work, { deadline: this.#request.signal });
  }

  /** As `write`, for work that changes nothing when it runs again: it runs again when the answer to COMMIT is lost. */
  async writeRepeatable<T>(work: Work<T>): Promise<Committed<T>> {
    return await this.#db.primary.transaction(work, { deadline: this.#request.signal, replayable: true });
  }
}
