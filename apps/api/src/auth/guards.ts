import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../problem-error.ts';

/** Who is logged in, as the session knows it. */
export type Identity = { id: string; role: 'customer' | 'admin' };

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for a guest. */
    identity: Identity | null;
  }
}

/** `preValidation` hook: a guest is told to log in before anything is said about the body. */
export async function requireCustomer(request: FastifyRequest): Promise<void> {
  if (!request.identity) throw new ProblemError('not-authenticated');
}

/** `preValidation` hook for the administrators' calls. */
export async function requireAdmin(request: FastifyRequest): Promise<void> {
  if (!request.identity) throw new ProblemError('not-authenticated');
  if (request.identity.role !== 'admin') throw new ProblemError('not-admin');
}

/** The customer of a route behind `requireCustomer`. */
export function customerId(request: FastifyRequest): string {
  if (!request.identity) throw new ProblemError('not-authenticated');
  return request.identity.id;
}
