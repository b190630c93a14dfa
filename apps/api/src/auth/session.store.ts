import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { callbackify } from 'node:util';
import type { Database } from '@shop/database/database.ts';
import { replicatedWrite } from '@shop/redis/replicated-write.ts';
import { RedisStore } from 'connect-redis';
import type { Session } from 'fastify';
import type { Redis } from 'ioredis';
import { extendSession, findSession } from './sessions.repository.ts';

/**
 * The only form in which a session id is stored or used as a key: reading a store does not give an id to log in with.
 */
export function sessionIdHash(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex');
}

/**
 * How long Redis keeps the mark that a session has ended. A copy that another request is about to write then finds the
 * mark in its place. Longer than any request lives.
 */
const endMarkSeconds = 60;

/** The lifetime of a copy: after it, a role or an end that was written to Postgres alone takes effect. */
const copySeconds = 60;

/** Extending a session is not part of the request that causes it, so it waits for a primary no longer than this. */
const extendDeadlineMs = 1_000;

const replaceCopyScript = readFileSync(new URL('scripts/replace-copy.lua', import.meta.url), 'utf8');

type Connections = { failFast: Redis; waiting: Redis; durable: Redis };
type Options = { deadlineMs: number };

/**
 * The stores of @fastify/session. A customer's session is a row in Postgres, which login writes and logout deletes;
 * Redis holds a copy that is faster to read and may be lost. A guest's session is in Redis alone. A session is written
 * once and never changes, so a copy is written only where there is none.
 */
export class SessionStore {
  readonly #db: Database;
  readonly #deadlineMs: number;
  readonly #failFastRedis: Redis;
  /**
   * Three connections to the same keys: a read that fails soon, a read that waits for a failover, and writes that wait
   * for a replica.
   */
  readonly #failFast: RedisStore;
  readonly #waiting: RedisStore;
  readonly #durable: RedisStore;

  constructor(db: Database, { failFast, waiting, durable }: Connections, options: Options) {
    this.#db = db;
    this.#deadlineMs = options.deadlineMs;
    this.#failFastRedis = failFast;
    const store = (client: unknown) =>
      new RedisStore({ client, prefix: 'session:', ttl: (session) => secondsToLive(session as Session) });
    this.#failFast = store(nodeRedisCalls(failFast));
    this.#waiting = store(nodeRedisCalls(waiting));
    this.#durable = store(nodeRedisCalls(durable, () => this.#deadline()));
  }

  readonly get = callbackify((sessionId: string) => this.#find(sessionIdHash(sessionId)));
  readonly set = callbackify((sessionId: string, session: Session) =>
    this.#keep(sessionIdHash(sessionId), session),
  );
  readonly destroy = callbackify((sessionId: string) => this.end(sessionId));

  /**
   * Moves the expiry of a customer's session: first in Postgres, which is the truth, then in the copy.
   *
   * @returns whether it was extended. It never throws, because the request continues either way.
   */
  async extend(sessionId: string, session: Session, expiresAt: Date): Promise<boolean> {
    const idHash = sessionIdHash(sessionId);
    const deadline = AbortSignal.timeout(extendDeadlineMs);
    try {
      const { value: moved } = await this.#db.primary.transaction(
        (tx) => extendSession(tx, idHash, expiresAt),
        { deadline, replayable: true },
      );
      if (!moved) return false;
    } catch {
      return false;
    }
    const { identity, user, loggedInAt } = session;
    const copy = {
      identity,
      user,
      loggedInAt,
      expiresAt,
      cookie: { originalMaxAge: null, expires: expiresAt },
    };
    await this.#failFastRedis
      .eval(replaceCopyScript, 1, `session:${idHash}`, JSON.stringify(copy), copySeconds)
      .catch(() => {});
    return true;
  }

  /**
   * Ends a session. It returns when a replica of Redis has the mark, too. The caller has deleted a customer's row
   * before.
   */
  async end(sessionId: string): Promise<void> {
    await this.endCopy(sessionIdHash(sessionId));
  }

  /** As `end`, for a session of which only the hash of its id is known. */
  async endCopy(idHash: string): Promise<void> {
    await this.#durable.destroy(idHash);
  }

  /** A copy in Redis is enough for a session that lives; before a session counts as ended, Postgres is asked. */
  async #find(idHash: string): Promise<Session | null> {
    let redisFailed = false;
    const copy: Session | null = await this.#failFast.get(idHash).catch(() => {
      redisFailed = true;
      return null;
    });
    if (copy) return copy;
    const row = await this.#db.replica('primary').read((tx) => findSession(tx, idHash), this.#deadline());
    if (row) {
      const { user, createdAt, expiresAt } = row;
      const session: Session = {
        identity: { id: user.id, role: user.role },
        user,
        loggedInAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        cookie: { originalMaxAge: null, expires: expiresAt },
      };
      void this.#copy(idHash, session);
      return session;
    }
    // Perhaps a guest's session, which only Redis has.
    return redisFailed ? await this.#waiting.get(idHash) : null;
  }

  async #keep(idHash: string, session: Session): Promise<void> {
    if (session.identity) await this.#copy(idHash, session);
    else await this.#durable.set(idHash, session as never);
  }

  /** Errors are ignored: Postgres has the session. */
  async #copy(idHash: string, session: Session): Promise<void> {
    await this.#failFast.set(idHash, session as never).catch(() => {});
  }

  #deadline(): AbortSignal {
    return AbortSignal.timeout(this.#deadlineMs);
  }
}

/**
 * connect-redis expects the client node-redis; this adapter makes the calls that it needs with ioredis. With a
 * `deadline` the writes are durable. Without one they are copies, which must not overwrite the mark of an ended
 * session.
 */
function nodeRedisCalls(redis: Redis, deadline?: () => AbortSignal) {
  return {
    get: (key: string) => redis.get(key),
    set: (key: string, value: string, { expiration }: { expiration: { value: number } }) =>
      deadline
        ? replicatedWrite(redis, (pipeline) => pipeline.set(key, value, 'EX', expiration.value), deadline())
        : redis.set(key, value, 'EX', expiration.value, 'NX'),
    // The library reads `null` as "no session".
    del: ([key = '']: string[]) =>
      replicatedWrite(redis, (pipeline) => pipeline.set(key, 'null', 'EX', endMarkSeconds), deadline?.()),
  };
}

/** How long Redis keeps a session: a guest's until its cookie expires, the copy of a customer's for one minute. */
function secondsToLive({ identity, cookie }: Session): number {
  const left = Math.ceil((Number(new Date(cookie.expires ?? 0)) - Date.now()) / 1000);
  return identity ? Math.min(left, copySeconds) : left;
}
