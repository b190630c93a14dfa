import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { ProblemError } from '../problem-error.ts';

const windowSeconds = 15 * 60;

/**
 * Failed logins by e-mail, from any address: the sharp limit that an address cannot give. The window begins with
 * the first failure. Counted in Redis; while it is away no customer is locked out, and Argon2 alone slows guessing down.
 */
export class LoginLimit {
  readonly #redis: Redis;
  readonly #maxFailures: number;

  constructor(redis: Redis, maxFailures: number) {
    this.#redis = redis;
    this.#maxFailures = maxFailures;
  }

  /** @throws ProblemError `rate-limited` until the window is over. */
  async check(email: string): Promise<void> {
    const key = keyOf(email);
    const [failures, secondsLeft] = await Promise.all([this.#redis.get(key), this.#redis.ttl(key)]).catch(
      () => [null, 0] as const,
    );
    if (Number(failures) >= this.#maxFailures) {
      throw new ProblemError('rate-limited', { retryAfterSeconds: Math.max(1, secondsLeft) });
    }
  }

  async failed(email: string): Promise<void> {
    const key = keyOf(email);
    await this.#redis
      .multi()
      .incr(key)
      .expire(key, windowSeconds, 'NX')
      .exec()
      .catch(() => {});
  }

  async succeeded(email: string): Promise<void> {
    await this.#redis.del(keyOf(email)).catch(() => {});
  }
}

/** An e-mail address may hold anything; its hash is a safe key and names no person. */
const keyOf = (email: string) => `login-failures:${createHash('sha256').update(email).digest('hex')}`;
