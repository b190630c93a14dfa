import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { LoginBody, RegisterBody, User } from '@shop/contracts/accounts.ts';
import { KeyedHeaders } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { mergeCarts } from '../cart/cart.repository.ts';
import type { Config } from '../config.ts';
import { ProblemError } from '../problem-error.ts';
import { logIn, logOut, type NewSession, register, whoAmI } from './auth.service.ts';
import { customerId, type Identity, requireCustomer } from './guards.ts';
import { LoginLimit } from './login-limit.ts';
import { newSessionId } from './session.plugin.ts';
import { sessionIdHash } from './session.store.ts';

const tags = ['Accounts'];

export const authRoutes: FastifyPluginAsyncTypebox<{ config: Config }> = async (app, { config }) => {
  const loginLimit = new LoginLimit(app.redisFailFast, config.limits.failedLogins);

  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.post(
    '/api/auth/register',
    {
      preValidation: app.limitRegisters,
      schema: {
        tags,
        summary: 'Make an account and log in',
        headers: KeyedHeaders,
        body: RegisterBody,
        response: { 201: User, default: Problem },
      },
    },
    async (request, reply) => {
      const sessionId = newSessionId();
      const call = request.keyedCall(request.owner() ?? 'anonymous');
      const session = takingOver(request, sessionId);
      const committed = await register(app.db, call, request.body, session, request.signal);
      const id = committed.value.context.customerId as string;
      // A registration never makes an admin.
      await goOnAs(request, sessionId, { id, role: 'customer' });
      return reply.sendKeyedResponse(committed);
    },
  );

  app.post(
    '/api/auth/login',
    {
      schema: {
        tags,
        summary: 'Log in; repeatable',
        headers: KeyedHeaders,
        body: LoginBody,
        response: { 200: User, default: Problem },
      },
    },
    async (request, reply) => {
      const email = request.body.email.toLowerCase();
      await loginLimit.check(email);
      const sessionId = newSessionId();
      const { value: user, watermark } = await logIn(
        app.db,
        { ...request.body, email },
        takingOver(request, sessionId),
        request.signal,
      ).catch(async (error) => {
        // No other refusal counts: a database that is away must lock no customer out.
        if (error instanceof ProblemError && error.code === 'invalid-credentials')
          await loginLimit.failed(email);
        throw error;
      });
      await loginLimit.succeeded(email);
      await goOnAs(request, sessionId, { id: user.id, role: user.role });
      return reply.setWatermark(watermark).send(user);
    },
  );

  app.post(
    '/api/auth/logout',
    {
      schema: {
        tags,
        summary: 'Log out; repeatable, also without a session',
        headers: KeyedHeaders,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      // What the cookie says, whether or not a store still knew of it: a repetition ends what the first try left.
      const sessionId = request.presentedSessionId();
      if (sessionId) {
        await logOut(app.db, sessionIdHash(sessionId), request.signal);
        await app.sessionStore.end(sessionId);
        reply.dropSession();
      }
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/auth/me',
    {
      preValidation: requireCustomer,
      schema: { tags, summary: 'Who is logged in', response: { 200: User, default: Problem } },
    },
    async (request) => await whoAmI(app.db, request.consistency, customerId(request), request.signal),
  );

  function takingOver(request: FastifyRequest, sessionId: string): NewSession {
    const previous = request.identity ? request.presentedSessionId() : null;
    return {
      idHash: sessionIdHash(sessionId),
      expiresAt: new Date(Date.now() + config.sessionTtlSeconds * 1000),
      previousIdHash: previous && sessionIdHash(previous),
    };
  }

  /** After the commit. A guest's cart comes along; if that fails, so does the call, and the client tries again. */
  async function goOnAs(request: FastifyRequest, sessionId: string, identity: Identity): Promise<void> {
    const guest = request.identity ? null : request.owner();
    const previous = request.presentedSessionId();
    await Promise.all([
      guest && mergeCarts(app.redisDurable, guest, `customer:${identity.id}`, request.signal),
      previous && app.sessionStore.end(previous),
    ]);
    await request.startCustomerSession(sessionId, identity);
  }
};
