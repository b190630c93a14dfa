import { errors, jwtVerify, SignJWT } from 'jose';
import { v7 as uuid } from 'uuid';
import { ProblemError } from '../../problem-error.ts';
import type { Identity } from '../guards.ts';

/** The one algorithm that signs and verifies: a token cannot choose another (RFC 8725 §3.1). */
export const algorithm = 'EdDSA';
/** The type of the JWT, so that no other JWT is accepted as an access token (RFC 9068). */
const type = 'at+jwt';
const issuer = 'shop';
const audience = 'shop-api';

export type SigningKey = { kid: string; privateKey: CryptoKey };

/** Returns the public key of this id, or undefined when there is none. */
export type FindKey = (kid: string) => Promise<CryptoKey | undefined>;

/** Signs a token for a customer; `ttlSeconds` is its whole lifetime. */
export async function signAccessToken(
  { kid, privateKey }: SigningKey,
  { id, role }: Identity,
  ttlSeconds: number,
): Promise<string> {
  return await new SignJWT({ role })
    .setProtectedHeader({ alg: algorithm, kid, typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(id)
    .setJti(uuid())
    .setIssuedAt()
    .setExpirationTime(`${ttlSeconds} seconds`)
    .sign(privateKey);
}

/**
 * The customer that an access token names.
 *
 * @throws ProblemError `access-token-expired`, or `access-token-invalid` for every other fault. An error of `findKey`
 * passes through: a token is not invalid because a store is away.
 */
export async function verifyAccessToken(token: string, findKey: FindKey): Promise<Identity> {
  try {
    const { payload } = await jwtVerify<{ role: Identity['role'] }>(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await findKey(kid);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: [algorithm],
        typ: type,
        issuer,
        audience,
        requiredClaims: ['sub', 'role', 'exp', 'iat', 'jti'],
      },
    );
    return { id: payload.sub as string, role: payload.role };
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new ProblemError('access-token-expired');
    if (error instanceof errors.JOSEError) throw new ProblemError('access-token-invalid');
    throw error;
  }
}
