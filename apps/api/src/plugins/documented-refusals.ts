import { type ProblemCode, problems } from '@shop/contracts/problems.ts';
import type { RouteOptions } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The codes that only this route refuses with; those that follow from its schema are added automatically. */
    refusals?: ProblemCode[];
    /** For calls that can be repeated without a key: they accept an idempotency key and ignore it. */
    ignoresKey?: boolean;
  }
}

type Properties = { properties?: Record<string, unknown> };

/**
 * Every code that a route may refuse with, for the OpenAPI document: what follows from the method, from the parts of the
 * request that its schema describes and from its guards, and what its `config.refusals` adds.
 */
export function refusalsOf(route: RouteOptions, guarded: boolean): ProblemCode[] {
  const { method, url, schema = {}, config = {} } = route;
  const has = (part: unknown, field: string) => (part as Properties)?.properties?.[field] !== undefined;
  const when = (condition: unknown, ...codes: ProblemCode[]) => (condition ? codes : []);
  const keyed = has(schema.headers, 'idempotency-key');
  return [
    'invalid-header',
    ...when(method !== 'GET', 'cross-origin', 'invalid-json', 'body-too-large', 'unsupported-media-type'),
    ...when(guarded, 'not-authenticated', 'session-ended', 'access-token-invalid', 'access-token-expired'),
    ...when(url.startsWith('/api/admin/'), 'not-admin'),
    ...when(schema.params, 'not-found'),
    ...when(schema.querystring || schema.body, 'validation-failed'),
    ...when(has(schema.querystring, 'cursor'), 'invalid-cursor'),
    ...when(keyed, 'idempotency-key-invalid'),
    ...when(keyed && !config.ignoresKey, 'request-in-progress', 'idempotency-key-reused'),
    ...when(has(schema.headers, 'if-match'), 'cart-changed'),
    ...(config.refusals ?? []),
    'rate-limited',
    'overloaded',
    'unavailable',
    'deadline-exceeded',
  ];
}

/** The responses of an operation for its refusals: one for each status, which names the codes. */
export function refusalResponses(codes: ProblemCode[]) {
  const byStatus = Map.groupBy([...new Set(codes)], (code) => problems[code].status);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, named]) => [
        status,
        { description: named.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '), content },
      ]),
  );
}
