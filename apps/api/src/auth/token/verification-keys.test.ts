import { describe, expect, it } from 'vitest';
import { newKeyPair, openPrivateKey } from './key-pair.ts';
import type { PublicKeyRow } from './token-keys.repository.ts';
import { VerificationKeys } from './verification-keys.ts';

const secret = new Uint8Array(32).fill(7);
const [first, second] = await Promise.all([newKeyPair(secret), newKeyPair(secret)]);

/** Keys in a table whose reads are counted, and can be held up. */
function table(...rows: PublicKeyRow[]) {
  const state = { rows, reads: 0, hold: async () => {} };
  const load = async () => {
    state.reads += 1;
    const seen = [...state.rows];
    await state.hold();
    return seen;
  };
  return { state, keys: new VerificationKeys(load) };
}

describe('the keys that verify', () => {
  it('are read at the first question, and cached', async () => {
    const { state, keys } = table(first);
    for (let question = 0; question < 5; question += 1) expect(await keys.find(first.kid)).toBeDefined();
    expect(state.reads).toBe(1);
  });

  it('are read again for a key that is not known: one that was made since is found', async () => {
    const { state, keys } = table(first);
    await keys.find(first.kid);
    state.rows.unshift(second);
    expect(await keys.find(second.kid)).toBeDefined();
    expect(keys.rows().map(({ kid }) => kid)).toEqual([second.kid, first.kid]);
  });

  it('are read by a read that begins after the question', async () => {
    const { state, keys } = table(first);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    state.hold = () => held;
    const reading = keys.find(first.kid);
    await new Promise(setImmediate);
    expect(state.reads).toBe(1);
    // The read that is on its way has not seen this key.
    state.rows.unshift(second);
    const found = keys.find(second.kid);
    release();
    expect(await found).toBeDefined();
    expect(await reading).toBeDefined();
  });

  it('are read once for a hundred unknown keys at once', async () => {
    const { state, keys } = table(first);
    const found = await Promise.all(Array.from({ length: 100 }, (_, n) => keys.find(`unknown-${n}`)));
    expect(found).toEqual(Array(100).fill(undefined));
    expect(state.reads).toBe(1);
  });

  it('go with the row', async () => {
    const { state, keys } = table(first, second);
    await keys.find(first.kid);
    state.rows.shift();
    await keys.reload();
    expect(await keys.find(first.kid)).toBeUndefined();
    expect(await keys.find(second.kid)).toBeDefined();
  });

  it('stay when they cannot be read, and are read again afterwards', async () => {
    const { state, keys } = table(first);
    await keys.find(first.kid);
    state.hold = async () => {
      throw new Error('away');
    };
    await expect(keys.find(second.kid)).rejects.toThrow('away');
    expect(await keys.find(first.kid)).toBeDefined();
    state.hold = async () => {};
    state.rows.push(second);
    expect(await keys.find(second.kid)).toBeDefined();
  });
});

describe('a pair of keys', () => {
  it('is named by its thumbprint, and its public half holds nothing private', () => {
    expect(first.kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(first.kid).not.toBe(second.kid);
    expect(Object.keys(first.publicKey).sort()).toEqual(['crv', 'kty', 'x']);
  });

  it('opens with its secret only', async () => {
    expect((await openPrivateKey(first.encryptedPrivateKey, secret)).type).toBe('private');
    await expect(openPrivateKey(first.encryptedPrivateKey, new Uint8Array(32))).rejects.toThrow();
  });
});
