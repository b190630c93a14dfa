import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { LoginBody } from '@shop/contracts/accounts.ts';
import { KeyedHeaders } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import { JsonWebKeySet, RefreshBody, RevokeBody, TokenPair } from '@shop/contracts/tokens.ts';
import { Counter } from 'prom-client';
import { Type } from 'typebox';
import type { Config } from '../../config.ts';
import { LoginLimit } from '../login-limit.ts';
import { algorithm } from './access-token.ts';
import { derivedKey } from './derived-key.ts';
import { issueTokens, refreshTokens, revokeTokens, type Tokens } from './token.service.ts';

const tags = ['Tokens'];
/** These calls depend on the body alone: cookies and the `Authorization` header are ignored. */
const config = { ignoresEndedSession: true, ignoresKey: true };

/** Logins for programs, which store tokens where a browser has a session cookie. */
export const tokenRoutes: FastifyPluginAsyncTypebox<{ config: Config }> = async (app, options) => {
  const { tokenSecret, tokens: life, limits } = options.config;
  const loginLimit = new LoginLimit(app.redis, limits.failedLogins);
  const tokens: Tokens = {
    db: app.db,
    signingKeys: app.signingKeys,
    successorKey: derivedKey(tokenSecret, 'refresh token successors'),
    life,
  };
  const reuses = new Counter({
    name: 'shop_refresh_tokens_reused_total',
    help: 'Families of refresh tokens that ended because one of their tokens was used twice',
    registers: [app.metrics],
  });

  app.post(
    '/api/auth/token',
    {
      config: { ...config, refusals: ['invalid-credentials'] },
      schema: {
        tags,
        summary: 'Log in for an access token and a refresh token; repeatable',
        headers: KeyedHeaders,
        body: LoginBody,
        response: { 200: TokenPair, default: Problem },
      },
    },
    async (request, reply) => {
      const { value, watermark } = await loginLimit.count(request.body.email, () =>
        issueTokens(tokens, request.body, request.signal),
      );
      return reply.setWatermark(watermark).header('cache-control', 'no-store').send(value);
    },
  );

  app.post(
    '/api/auth/token/refresh',
    {
      config: { ...config, refusals: ['refresh-token-invalid', 'refresh-token-reused'] },
      schema: {
        tags,
        summary: 'Exchange a refresh token for its successor and a new access token',
        headers: KeyedHeaders,
        body: RefreshBody,
        response: { 200: TokenPair, default: Problem },
      },
    },
    async (request, reply) => {
      const onReuse = (family: { familyId: string; customerId: string }) => {
        reuses.inc();
        request.log.warn(family, 'a refresh token was used twice: its family has ended');
      };
      const presented = request.body.refreshToken;
      const { value } = await refreshTokens(tokens, { presented, onReuse }, request.signal);
      return reply.header('cache-control', 'no-store').send(value);
    },
  );

  app.post(
    '/api/auth/token/revoke',
    {
      config,
      schema: {
        tags,
        summary: 'End the logins that a refresh token belongs to; repeatable',
        headers: KeyedHeaders,
        body: RevokeBody,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const { refreshToken, everywhere = false } = request.body;
      const ended = await revokeTokens(tokens, { refreshToken, everywhere }, request.signal);
      await Promise.all(ended.map((idHash) => app.sessionStore.endCopy(idHash)));
      return reply.code(204).header('cache-control', 'no-store').send(null);
    },
  );

  app.get(
    '/api/.well-known/jwks.json',
    {
      config,
      schema: {
        tags,
        summary: 'The public keys of the access tokens, as a JWK Set (RFC 7517)',
        response: { 200: JsonWebKeySet, default: Problem },
      },
    },
    async (_request, reply) => {
      await app.verificationKeys.reload();
      const keys = app.verificationKeys
        .rows()
        .map(({ kid, publicKey }) => ({ ...publicKey, kid, alg: algorithm, use: 'sig' }));
      // A new key signs at once, so a cache must check this answer before it uses a copy.
      reply.header('cache-control', 'no-cache');
      return { keys };
    },
  );
};
