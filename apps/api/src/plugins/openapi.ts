import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Problem, type ProblemCode } from '@shop/contracts/problems.ts';
import type { RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { Config } from '../config.ts';
import { refusalResponses, refusalsOf } from './documented-refusals.ts';

type Options = {
  config: Pick<Config, 'version'>;
  /** Hooks that demand a session or an access token: a route with one of them is documented as such. */
  guards: ((...args: never[]) => unknown)[];
};

/** The document is made from the schemas that validate; `GET /api/docs` shows it. */
export default fp<Options>(
  async (app, { config, guards }) => {
    const refusals: Refusals = new Map();
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Shop',
          version: config.version,
          description:
            'The API of the shop. Errors are RFC 9457 problems; each `code` has a page at `/errors/<code>`.',
        },
        servers: [{ url: '/' }],
        components: {
          securitySchemes: {
            session: { type: 'apiKey', in: 'cookie', name: 'sid' },
            accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          },
        },
      },
      refResolver: { buildLocalReference: (schema, _baseUri, _fragment, i) => `${schema.$id ?? `def-${i}`}` },
      transformObject: (document) =>
        'openapiObject' in document
          ? withProblems(document.openapiObject as OpenAPIV3_1.Document, refusals)
          : document.swaggerObject,
    });
    app.addSchema(Problem);
    app.addHook('onRoute', (route) => {
      const guarded = isGuarded(route, guards);
      if (route.schema && guarded)
        Object.assign(route.schema, { security: [{ session: [] }, { accessToken: [] }] });
      refusals.set(
        `${String(route.method).toLowerCase()} ${documentedPath(route.url)}`,
        refusalsOf(route, guarded),
      );
    });
    await app.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: true });
    app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('application/json').send(JSON.stringify(app.swagger())),
    );
  },
  { name: 'openapi' },
);

function isGuarded({ url, preValidation }: RouteOptions, guards: unknown[]): boolean {
  const hooks: unknown[] = [preValidation].flat();
  return url.startsWith('/api/admin/') || guards.some((guard) => hooks.includes(guard));
}

/** Fastify writes `:id` where OpenAPI writes `{id}`. */
const documentedPath = (url: string) => url.replaceAll(/:(\w+)/g, '{$1}');

/** The codes that an operation may refuse with, by method and path. */
type Refusals = Map<string, ProblemCode[]>;

/**
 * `default: Problem` in a route's schema stands for its refusals: this replaces it by each status that the route may
 * answer. Their media type is `application/problem+json`, and their schema is in the document once.
 */
function withProblems(document: OpenAPIV3_1.Document, refusals: Refusals): OpenAPIV3_1.Document {
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const [method, { responses }] of Object.entries(
      methods as Record<string, OpenAPIV3_1.OperationObject>,
    )) {
      if (!responses?.default) continue;
      delete responses.default;
      Object.assign(responses, refusalResponses(refusals.get(`${method} ${path}`) ?? []));
    }
  }
  return document;
}
