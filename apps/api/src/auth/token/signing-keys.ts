import type { Database } from '@shop/database/database.ts';
import type { SigningKey } from './access-token.ts';
import { newKeyPair, openPrivateKey } from './key-pair.ts';
import { deleteKeysBut, insertKey, lockKeys, newestKey } from './token-keys.repository.ts';

/** The purpose, for `derivedKey`, of the key that encrypts private keys in Postgres. */
export const privateKeysPurpose = 'private keys of access tokens';

type Options = { secret: Uint8Array; maxAgeSeconds: number };

/**
 * The private keys. A token is always signed with the newest key that Postgres has at that moment, so a new key, or the end
 * of a leaked one, takes effect with the next token on every replica. The replica that finds the newest key too old makes
 * the next one.
 */
export class SigningKeys {
  readonly #db: Database;
  readonly #options: Options;
  /** The newest key, decrypted. */
  #opened: SigningKey | undefined;

  constructor(db: Database, options: Options) {
    this.#db = db;
    this.#options = options;
  }

  /** The key to sign with. */
  async current(deadline?: AbortSignal): Promise<SigningKey> {
    const newest = await this.#db.replica('primary').read(newestKey, deadline);
    const due = !newest || newest.ageSeconds > this.#options.maxAgeSeconds;
    if (!due) {
      const key = await this.#open(newest);
      if (key) return key;
    }
    return await this.rotate({ unlessYoungerThan: due ? this.#options.maxAgeSeconds : 0, deadline });
  }

  /**
   * Makes a new key that signs from now on. Tokens that earlier keys have signed stay valid, unless `revoke` is set.
   *
   * @param unlessYoungerThan in seconds: when another replica has just made a key that is younger, that one is used.
   */
  async rotate({
    unlessYoungerThan = 0,
    revoke = false,
    deadline,
  }: {
    unlessYoungerThan?: number;
    revoke?: boolean;
    deadline?: AbortSignal;
  } = {}): Promise<SigningKey> {
    const pair = await newKeyPair(this.#options.secret);
    const { value: newest } = await this.#db.primary.transaction(
      async (tx) => {
        await lockKeys(tx);
        const made = await newestKey(tx);
        if (made && made.ageSeconds < unlessYoungerThan) return made;
        await insertKey(tx, pair);
        if (revoke) await deleteKeysBut(tx, pair.kid);
        return pair;
      },
      { deadline, replayable: true },
    );
    const key = await this.#open(newest);
    if (!key) throw new Error('the newest key of the access tokens does not open with this secret');
    return key;
  }

  /** @returns undefined for a key that was encrypted under another secret. */
  async #open(row: { kid: string; encryptedPrivateKey: string }): Promise<SigningKey | undefined> {
    if (this.#opened?.kid === row.kid) return this.#opened;
    const privateKey = await openPrivateKey(row.encryptedPrivateKey, this.#options.secret).catch(() => null);
    if (!privateKey) return undefined;
    this.#opened = { kid: row.kid, privateKey };
    return this.#opened;
  }
}
