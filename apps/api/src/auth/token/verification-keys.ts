import { setTimeout as sleep } from 'node:timers/promises';
import { importKey } from './key-pair.ts';
import type { PublicKeyRow } from './token-keys.repository.ts';

/** The shortest time between two reads of the keys, however many tokens name unknown keys. */
const gapMs = 200;

/**
 * The public keys, as this replica has last read them from Postgres. For an unknown key it waits for a read that began
 * after the question. So it never refuses a token that another replica has just signed with a new key.
 */
export class VerificationKeys {
  readonly #load: () => Promise<PublicKeyRow[]>;
  #keys = new Map<string, { row: PublicKeyRow; key: CryptoKey }>();
  #lastStartedAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();
  /** The next read, which has not begun yet: every request that needs a key waits for it. */
  #next: Promise<void> | undefined;

  constructor(load: () => Promise<PublicKeyRow[]>) {
    this.#load = load;
  }

  /** @throws when the key is not known and Postgres does not answer. */
  async find(kid: string): Promise<CryptoKey | undefined> {
    if (!this.#keys.has(kid)) await this.reload();
    return this.#keys.get(kid)?.key;
  }

  /** The keys as a JWK Set has them, newest first. */
  rows(): PublicKeyRow[] {
    return [...this.#keys.values()].map(({ row }) => row);
  }

  /** Resolves when a read has ended that began after this call. */
  reload(): Promise<void> {
    this.#next ??= this.#afterRunning();
    return this.#next;
  }

  async #afterRunning(): Promise<void> {
    await this.#running.catch(() => {});
    const waitMs = this.#lastStartedAt + gapMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    this.#next = undefined;
    this.#lastStartedAt = performance.now();
    this.#running = this.#read();
    await this.#running;
  }

  async #read(): Promise<void> {
    const rows = await this.#load();
    const entries = rows.map(async (row) => {
      const key = this.#keys.get(row.kid)?.key ?? (await importKey(row.publicKey));
      return [row.kid, { row, key }] as const;
    });
    this.#keys = new Map(await Promise.all(entries));
  }
}
