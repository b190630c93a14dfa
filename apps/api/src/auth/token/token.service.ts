import type { LoginBody } from '@shop/contracts/accounts.ts';
import type { TokenPair } from '@shop/contracts/tokens.ts';
import type { Database } from '@shop/database/database.ts';
import type { Committed } from '@shop/database/primary.ts';
import { v7 as uuid } from 'uuid';
import { ProblemError } from '../../problem-error.ts';
import { checkPassword } from '../auth.service.ts';
import type { Identity } from '../guards.ts';
import { signAccessToken } from './access-token.ts';
import { judgeRefreshToken, newRefreshToken, refreshTokenHash, successorOf } from './refresh-token.ts';
import {
  deleteAllLogins,
  deleteFamily,
  findRefreshToken,
  insertFamily,
  insertRefreshToken,
  lockFamilyOf,
  markUsed,
} from './refresh-tokens.repository.ts';
import type { SigningKeys } from './signing-keys.ts';

/** How long tokens live: `refreshMaxAgeSeconds` bounds a family, however often it is refreshed. */
export type TokenLife = {
  accessTtlSeconds: number;
  refreshTtlSeconds: number;
  refreshMaxAgeSeconds: number;
  refreshGraceSeconds: number;
};

export type Tokens = {
  db: Database;
  signingKeys: SigningKeys;
  /** Derives each refresh token from the one before (`successorOf`). */
  successorKey: Uint8Array;
  life: TokenLife;
};

/** @throws ProblemError `invalid-credentials`. */
export async function issueTokens(
  tokens: Tokens,
  login: LoginBody,
  deadline: AbortSignal,
): Promise<Committed<TokenPair>> {
  const { db, life } = tokens;
  const user = await checkPassword(db, login, deadline);
  const refreshToken = newRefreshToken();
  const now = Date.now();
  const family = {
    id: uuid(),
    customerId: user.id,
    expiresAt: new Date(now + life.refreshMaxAgeSeconds * 1000),
  };
  const expiresAt = refreshExpiry(life, family.expiresAt, now);
  const token = { tokenHash: refreshTokenHash(refreshToken), expiresAt };
  const { watermark } = await db.primary.transaction((tx) => insertFamily(tx, family, token), {
    deadline,
    replayable: true,
  });
  return {
    value: await pairOf(tokens, { identity: user, refreshToken, expiresAt, now }, deadline),
    watermark,
  };
}

type Rotation =
  | { verdict: 'rotate' | 'repeat'; identity: Identity; expiresAt: Date; now: number }
  | { verdict: 'reused'; familyId: string; customerId: string }
  | { verdict: 'invalid' };

/** A refresh token that a client has sent. `onReuse` is told the family that ends because of a second use. */
export type Refresh = {
  presented: string;
  onReuse: (family: { familyId: string; customerId: string }) => void;
};

/**
 * Exchanges a refresh token for its successor and a new access token with the customer's present role. A second use of
 * the token ends its whole family, except in the grace period of `judgeRefreshToken`.
 *
 * @throws ProblemError `refresh-token-invalid` or `refresh-token-reused`.
 */
export async function refreshTokens(
  tokens: Tokens,
  { presented, onReuse }: Refresh,
  deadline: AbortSignal,
): Promise<Committed<TokenPair>> {
  const successor = successorOf(presented, tokens.successorKey);
  const { value: rotation, watermark } = await rotate(tokens, { presented, successor }, deadline);
  switch (rotation.verdict) {
    case 'invalid':
      throw new ProblemError('refresh-token-invalid');
    case 'reused':
      onReuse(rotation);
      throw new ProblemError('refresh-token-reused');
    default: {
      const { identity, expiresAt, now } = rotation;
      const refresh = { identity, refreshToken: successor, expiresAt, now };
      const pair = await pairOf(tokens, refresh, deadline);
      return { value: pair, watermark };
    }
  }
}

/** The verdict is returned and not thrown, because the transaction that ends a family must commit. */
async function rotate(
  { db, life }: Tokens,
  { presented, successor }: { presented: string; successor: string },
  deadline: AbortSignal,
): Promise<Committed<Rotation>> {
  const tokenHash = refreshTokenHash(presented);
  const successorHash = refreshTokenHash(successor);
  return await db.primary.transaction<Rotation>(
    async (tx) => {
      const family = await lockFamilyOf(tx, tokenHash);
      const token = family && (await findRefreshToken(tx, tokenHash, successorHash));
      if (!family || !token) return { verdict: 'invalid' };
      const identity: Identity = { id: family.customerId, role: family.role };
      const now = token.now.getTime();
      const verdict = judgeRefreshToken(token, { now: token.now, graceSeconds: life.refreshGraceSeconds });
      switch (verdict) {
        case 'expired':
          return { verdict: 'invalid' };
        case 'reused':
          await deleteFamily(tx, family.id);
          return { verdict, familyId: family.id, customerId: family.customerId };
        case 'repeat':
          // A separate commit, so that no answer names a successor that only one database node has.
          await markUsed(tx, tokenHash);
          return { verdict, identity, expiresAt: token.successorExpiresAt ?? family.expiresAt, now };
        case 'rotate': {
          const expiresAt = refreshExpiry(life, family.expiresAt, now);
          await Promise.all([
            markUsed(tx, tokenHash),
            insertRefreshToken(tx, { tokenHash: successorHash, familyId: family.id, expiresAt }),
          ]);
          return { verdict, identity, expiresAt, now };
        }
      }
    },
    { deadline, replayable: true },
  );
}

/**
 * Ends the family of a refresh token, or with `everywhere` every login of its customer. A token that the shop does not
 * know or that has ended changes nothing (RFC 7009 §2.2).
 *
 * @returns the hashed ids of the sessions that have ended, whose copies are still in Redis.
 */
export async function revokeTokens(
  { db }: Pick<Tokens, 'db'>,
  { refreshToken, everywhere }: { refreshToken: string; everywhere: boolean },
  deadline: AbortSignal,
): Promise<string[]> {
  const tokenHash = refreshTokenHash(refreshToken);
  const { value: endedSessions } = await db.primary.transaction(
    async (tx) => {
      const family = await lockFamilyOf(tx, tokenHash);
      if (!family) return [];
      if (everywhere) return await deleteAllLogins(tx, family.customerId);
      await deleteFamily(tx, family.id);
      return [];
    },
    { deadline, replayable: true },
  );
  return endedSessions;
}

const refreshExpiry = (life: TokenLife, familyExpiresAt: Date, now: number): Date =>
  new Date(Math.min(now + life.refreshTtlSeconds * 1000, familyExpiresAt.getTime()));

async function pairOf(
  { signingKeys, life }: Tokens,
  refresh: { identity: Identity; refreshToken: string; expiresAt: Date; now: number },
  deadline: AbortSignal,
): Promise<TokenPair> {
  const key = await signingKeys.current(deadline);
  return {
    accessToken: await signAccessToken(key, refresh.identity, life.accessTtlSeconds),
    tokenType: 'Bearer',
    expiresInSeconds: life.accessTtlSeconds,
    refreshToken: refresh.refreshToken,
    refreshExpiresInSeconds: Math.max(0, Math.floor((refresh.expiresAt.getTime() - refresh.now) / 1000)),
  };
}
