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
import { customerId, type Identity, requireCustomer } from './guards.ts';
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
      config: { ignoresEndedSession: true },
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
      // The key of a registration belongs to the address that it is about: a stranger's same key is another call.
      const call = request.keyedCall(emailOwner(request.body.email));
      const session = takingOver(request, sessionId);
      const committed = await register(app.db, call, request.body, session, request.signal);
      const id = committed.value.context.customerId as string;
      // A registration never makes an admin.
      await goOnAs(request, sessionId, session, { id, role: 'customer' });
      return reply.sendKeyedResponse(committed);
    },
  );

  app.post(
    '/api/auth/login',
    {
      config: { ignoresEndedSession: true },
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
        logIn(app.db, request.body, session, request.signal),
      );
      const notMerged = await goOnAs(request, sessionId, session, {
        id: user.id,
        role: user.role,
      });
      return reply.setWatermark(watermark).send({ ...user, notMerged });
    },
  );

  app.post(
    '/api/auth/logout',
    {
      config: { ignoresEndedSession: true },
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

  /**
   * After the commit: begins the customer's session and moves the guest's cart. When that fails, the call fails, and the
   * client repeats it. @returns what of the guest's cart did not fit.
   */
  async function goOnAs(
    request: FastifyRequest,
    sessionId: string,
    { expiresAt }: NewSession,
    identity: Identity,
  ): Promise<CartLine[]> {
    const previous = request.presentedSessionId();
    const wasGuest = !request.identity && previous !== null && sessionKind(previous) !== 'customer';
    const guest = wasGuest ? request.owner() : null;
    const [notMerged] = await Promise.all([
      guest ? mergeCarts(app.redisDurable, guest, `customer:${identity.id}`, request.signal) : [],
      previous && app.sessionStore.end(previous),
    ]);
    await request.startCustomerSession(sessionId, identity, expiresAt);
    return notMerged;
  }
};
