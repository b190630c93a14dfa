import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { callbackify } from 'node:util';
import type { Database } from '@shop/database/database.ts';
import { replicatedWrite } from '@shop/redis/replicated-write.ts';
import { RedisStore } from 'connect-redis';
import type { Session } from 'fastify';
import type { Redis } from 'ioredis';
import { extendSession, findSession } from './sessions.repository.ts';

/** The one form in which a session's id is stored or used as a key: a reader of a store cannot log in with what is there. */
export function sessionIdHash(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex');
}

/**
 * For this long the end of a session stays written in Redis, so that a copy which is on its way at that moment finds
 * the place taken. Longer than any request lives.
 */
const endMarkSeconds = 60;

/** After this long a copy is made again, so that a role or an end that was written to Postgres alone takes effect. */
const copySeconds = 60;

/** Sliding is no part of the request that causes it, so it waits no longer than this for a primary. */
const extendDeadlineMs = 1_000;

const replaceCopyScript = readFileSync(new URL('scripts/replace-copy.lua', import.meta.url), 'utf8');

type Connections = { failFast: Redis; waiting: Redis; durable: Redis };
type Options = { deadlineMs: number };

/**
 * Where @fastify/session keeps its sessions. A customer's session is a row in Postgres, written by login and deleted
 * by logout; Redis holds a copy that is quicker to read and may be lost. A guest's session is in Redis alone.
 * A session is written once and never changes, so a copy is only ever put where there is none.
 */
export class SessionStore {
  readonly #db: Database;
  readonly #deadlineMs: number;
  readonly #failFastRedis: Redis;
  /** Three ways to the same keys: a look that fails soon, one that waits for a failover, writes a replica has. */
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
   * @returns whether it was moved; it never fails, because the request of a live session goes on either way.
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
    const { identity, loggedInAt } = session;
    const copy = { identity, loggedInAt, expiresAt, cookie: { originalMaxAge: null, expires: expiresAt } };
    await this.#failFastRedis
      .eval(replaceCopyScript, 1, `session:${idHash}`, JSON.stringify(copy), copySeconds)
      .catch(() => {});
    return true;
  }

  /** Returns when a replica of Redis, too, knows that the session has ended. A customer's row is deleted before. */
  async end(sessionId: string): Promise<void> {
    await this.#durable.destroy(sessionIdHash(sessionId));
  }

  /** A copy in Redis answers alone; everything else asks Postgres before a session counts as ended. */
  async #find(idHash: string): Promise<Session | null> {
    let redisFailed = false;
    const copy: Session | null = await this.#failFast.get(idHash).catch(() => {
      redisFailed = true;
      return null;
    });
    if (copy) return copy;
    const row = await this.#db.replica('primary').read((tx) => findSession(tx, idHash), this.#deadline());
    if (row) {
      const { customerId: id, role, createdAt, expiresAt } = row;
      const session: Session = {
        identity: { id, role },
        loggedInAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        cookie: { originalMaxAge: null, expires: expiresAt },
      };
      void this.#copy(idHash, session);
      return session;
    }
    // Perhaps a guest, of whom only Redis knows.
    return redisFailed ? await this.#waiting.get(idHash) : null;
  }

  async #keep(idHash: string, session: Session): Promise<void> {
    if (session.identity) await this.#copy(idHash, session);
    else await this.#durable.set(idHash, session as never);
  }

  /** Best effort: Postgres has the session. */
  async #copy(idHash: string, session: Session): Promise<void> {
    await this.#failFast.set(idHash, session as never).catch(() => {});
  }

  #deadline(): AbortSignal {
    return AbortSignal.timeout(this.#deadlineMs);
  }
}

/**
 * connect-redis speaks node-redis; these are the calls it makes for us, spoken by ioredis. With a `deadline` they are
 * durable writes; without, copies, which must not overwrite the mark of an end.
 */
function nodeRedisCalls(redis: Redis, deadline?: () => AbortSignal) {
  return {
    get: (key: string) => redis.get(key),
    set: (key: string, value: string, { expiration }: { expiration: { value: number } }) =>
      deadline
        ? replicatedWrite(redis, (pipeline) => pipeline.set(key, value, 'EX', expiration.value), deadline())
        : redis.set(key, value, 'EX', expiration.value, 'NX'),
    // `null` is read as no session at all.
    del: ([key = '']: string[]) =>
      replicatedWrite(redis, (pipeline) => pipeline.set(key, 'null', 'EX', endMarkSeconds), deadline?.()),
  };
}

/** How long Redis keeps a session: a guest's until its cookie expires, the copy of a customer's for a minute. */
function secondsToLive({ identity, cookie }: Session): number {
  const left = Math.ceil((Number(new Date(cookie.expires ?? 0)) - Date.now()) / 1000);
  return identity ? Math.min(left, copySeconds) : left;
}
