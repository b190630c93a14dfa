import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { ProblemError } from '../problem-error.ts';

const windowSeconds = 15 * 60;
/**
 * Longer than a busy replica takes to read an answer from Redis, and short enough that the login still has time after
 * it.
 */
const patienceMs = 3_000;

const script = (name: string) => readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), 'utf8');
const reserveScript = script('reserve-login');
const settleScript = script('settle-login');

/**
 * Limits the failed logins of an e-mail address, over all clients, because one attacker may use many addresses. A login
 * is counted before its password is checked, and the count is given back unless the password was wrong. A success
 * resets no count. The counts are in Redis. Without Redis no login is refused, and only the slow hash (Argon2) limits
 * guessing.
 */
export class LoginLimit {
  readonly #redis: Redis;
  readonly #maxFailures: number;

  constructor(redis: Redis, maxFailures: number) {
    this.#redis = redis;
    this.#maxFailures = maxFailures;
  }

  /**
   * Runs `logIn` if the address has failures left.
   *
   * @throws ProblemError `rate-limited`: for the rest of the window, or for a second while other logins are checked.
   */
  async count<T>(email: string, logIn: () => Promise<T>): Promise<T> {
    const key = keyOf(email);
    const waitSeconds = await this.#run(reserveScript, key, this.#maxFailures);
    if (waitSeconds > 0) throw new ProblemError('rate-limited', { retryAfterSeconds: waitSeconds });
    try {
      const result = await logIn();
      await this.#run(settleScript, key, 0);
      return result;
    } catch (error) {
      // Any other error is not a wrong guess: while the database is away, no customer may be locked out.
      const wrong = error instanceof ProblemError && error.code === 'invalid-credentials';
      await this.#run(settleScript, key, wrong ? 1 : 0);
      throw error;
    }
  }

  /**
   * The login does not wait for a connection that is down. It waits for a slow one, because many guesses at once make
   * this process slow.
   */
  async #run(lua: string, key: string, argument: number): Promise<number> {
    if (this.#redis.status !== 'ready') return 0;
    const reply = this.#redis.eval(lua, 1, key, argument, windowSeconds).catch(() => 0);
    return Number(await Promise.race([reply, sleep(patienceMs, 0, { ref: false })]));
  }
}

/** The key is a hash: it has no special characters, whatever the address contains, and does not show the address. */
const keyOf = (email: string) => `logins:${createHash('sha256').update(email).digest('hex')}`;
