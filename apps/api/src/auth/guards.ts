import type { FastifyRequest } from 'fastify';
import { validate as isUuid } from 'uuid';
import { ProblemError } from '../problem-error.ts';

/** The customer of the session, as the session has it. */
export type Identity = { id: string; role: 'customer' | 'admin' };

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for a guest. */
    identity: Identity | null;
  }
}

/** `preValidation` hook: a guest gets 401 before the body is checked. */
export async function requireCustomer(request: FastifyRequest): Promise<void> {
  if (!request.identity) throw new ProblemError('not-authenticated');
}

/** `preValidation` hook for the administrators' calls. */
export async function requireAdmin(request: FastifyRequest): Promise<void> {
  if (!request.identity) throw new ProblemError('not-authenticated');
  if (request.identity.role !== 'admin') throw new ProblemError('not-admin');
}

/**
 * `preValidation` hook, after `requireCustomer`: the call may say in `X-Customer-Id` for which customer it is meant.
 *
 * @throws ProblemError `invalid-header`, or `session-changed` when the session belongs to another customer.
 */
export async function requireSameCustomer(request: FastifyRequest): Promise<void> {
  const meant = request.headers['x-customer-id'];
  if (meant === undefined) return;
  if (!isUuid(meant)) {
    throw new ProblemError('invalid-header', {
      errors: [{ path: '/headers/x-customer-id', message: 'must be the id of a customer' }],
    });
  }
  if (String(meant).toLowerCase() !== customerId(request)) throw new ProblemError('session-changed');
}

/** The customer of a route behind `requireCustomer`. */
export function customerId(request: FastifyRequest): string {
  if (!request.identity) throw new ProblemError('not-authenticated');
  return request.identity.id;
}
