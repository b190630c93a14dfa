import { type Static, Type } from 'typebox';
import { Strict } from './common.ts';
import { Text } from './text.ts';

/** Longer than any token of the shop; any other text is answered like an unknown token. */
const RefreshToken = Text(1, 200, { description: 'Opaque; good for one use' });

export const RefreshBody = Strict({ refreshToken: RefreshToken });

export const RevokeBody = Strict({
  refreshToken: RefreshToken,
  everywhere: Type.Optional(
    Type.Boolean({ description: 'Every login of the customer, sessions included, instead of this one' }),
  ),
});

export const TokenPair = Type.Object(
  {
    accessToken: Type.String({ description: 'JWT for `Authorization: Bearer`' }),
    tokenType: Type.Literal('Bearer'),
    expiresInSeconds: Type.Integer({ description: 'Life of the access token' }),
    refreshToken: Type.String({ description: 'Takes the place of the one that was sent' }),
    refreshExpiresInSeconds: Type.Integer({
      description: 'After this long without a refresh the login ends',
    }),
  },
  { title: 'TokenPair' },
);
export type TokenPair = Static<typeof TokenPair>;

export const JsonWebKeySet = Type.Object(
  {
    keys: Type.Array(
      Type.Object({
        kty: Type.String(),
        crv: Type.String(),
        x: Type.String(),
        kid: Type.String(),
        alg: Type.String(),
        use: Type.String(),
      }),
    ),
  },
  { title: 'JsonWebKeySet' },
);
