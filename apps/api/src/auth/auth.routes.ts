import { createHash } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { LoggedIn, LoginBody, RegisterBody, User } from '@shop/contracts/accounts.ts';
import { KeyedHeaders } from '@shop/contracts/common.ts';
import { Problem } from '@shop/contracts/problems.ts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type CartLine, mergeCarts } from '../cart/cart.repository.ts';
import type { Config } from '../config.ts';
import { logIn, logOut, type NewSession, register, whoAmI } from './auth.service.ts';
import { customerId, requireCustomer } from './guards.ts';
import { LoginLimit } from './login-limit.ts';
import { sessionIdHash } from './session.store.ts';
import { newSessionId, sessionKind } from './session-id.ts';

const tags = ['Accounts'];

/** The owner of a registration's key. The hash keeps addresses out of the table of keys. */
const emailOwner = (email: string) => `email:${createHash('sha256').update(email).digest('hex')}`;

export const authRoutes: FastifyPluginAsyncTypebox<{ config: Config }> = async (app, { config }) => {
  const loginLimit = new LoginLimit(app.redis, config.limits.failedLogins);

  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.post(
    '/api/auth/register',
    {
      config: { ignoresEndedSession: true, refusals: ['email-taken'] },
      preValidation: app.limitRegisters,
      schema: {
        tags,
        summary: 'Make an account and log in',
        headers: KeyedHeaders,
        body: RegisterBody,
        response: { 201: LoggedIn, default: Problem },
      },
    },
    async (request, reply) => {
      const sessionId = newSessionId('customer');
      // The key of a registration belongs to the e-mail address, so another client's equal key is another call.
      const call = request.keyedCall(emailOwner(request.body.email));
      const session = takingOver(request, sessionId);
      const committed = await register(app.db, call, { account: request.body, session });
      const { notMerged: _, ...user } = JSON.parse(committed.value.body) as LoggedIn;
      await goOnAs(request, sessionId, session, user);
      return reply.sendKeyedResponse(committed);
    },
  );

  app.post(
    '/api/auth/login',
    {
      config: { ignoresEndedSession: true, ignoresKey: true, refusals: ['invalid-credentials'] },
      schema: {
        tags,
        summary: 'Log in; repeatable',
        headers: KeyedHeaders,
        body: LoginBody,
        response: { 200: LoggedIn, default: Problem },
      },
    },
    async (request, reply) => {
      const { email } = request.body;
      const sessionId = newSessionId('customer');
      const session = takingOver(request, sessionId);
      const { value: user, watermark } = await loginLimit.count(email, () =>
        logIn(app.db, { login: request.body, session }, request.signal),
      );
      const notMerged = await goOnAs(request, sessionId, session, user);
      return reply.setWatermark(watermark).send({ ...user, notMerged });
    },
  );

  app.post(
    '/api/auth/logout',
    {
      config: { ignoresEndedSession: true, ignoresKey: true },
      schema: {
        tags,
        summary: 'Log out; repeatable, also without a session',
        headers: KeyedHeaders,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      // The id from the cookie, even when no store knows it any more: a repeated logout also ends what the first one
      // left.
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
    async (request) => {
      const id = customerId(request);
      // The token may belong to another customer than the session cookie in the same request.
      const kept = request.session?.user;
      if (kept?.id === id) return kept;
      return await whoAmI(app.db, { id, consistency: request.consistency }, request.signal);
    },
  );

  function takingOver(request: FastifyRequest, sessionId: string): NewSession {
    const previous = request.identity ? request.presentedSessionId() : null;
    return {
      idHash: sessionIdHash(sessionId),
      expiresAt: new Date(Date.now() + config.sessionTtlSeconds * 1000),
      previousIdHash: previous && sessionIdHash(previous),
    };
  }

  /**
   * After the commit: begins the customer's session and moves the guest's cart. If that fails, the call fails and the
   * client repeats it. @returns the lines of the guest's cart that did not fit.
   */
  async function goOnAs(
    request: FastifyRequest,
    sessionId: string,
    { expiresAt }: NewSession,
    user: User,
  ): Promise<CartLine[]> {
    const previous = request.presentedSessionId();
    const wasGuest = !request.identity && previous !== null && sessionKind(previous) !== 'customer';
    const guest = wasGuest ? request.owner() : null;
    const [notMerged] = await Promise.all([
      guest ? mergeCarts(app.redisDurable, { guest, customer: `customer:${user.id}` }, request.signal) : [],
      previous && app.sessionStore.end(previous),
    ]);
    await request.startCustomerSession(sessionId, user, expiresAt);
    return notMerged;
  }
};
