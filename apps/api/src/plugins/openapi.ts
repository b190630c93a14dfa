import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Problem } from '@shop/contracts/problems.ts';
import type { RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { Config } from '../config.ts';

type Options = {
  config: Pick<Config, 'version'>;
  /** Hooks that demand a session: a route with one of them is documented as such. */
  guards: ((...args: never[]) => unknown)[];
};

/** The document is made from the schemas that validate; `GET /api/docs` shows it. */
export default fp<Options>(
  async (app, { config, guards }) => {
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
          securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'sid' } },
        },
      },
      refResolver: { buildLocalReference: (schema, _baseUri, _fragment, i) => `${schema.$id ?? `def-${i}`}` },
      transformObject: (document) =>
        'openapiObject' in document
          ? withProblems(document.openapiObject as OpenAPIV3_1.Document)
          : document.swaggerObject,
    });
    app.addSchema(Problem);
    app.addHook('onRoute', (route) => {
      if (route.schema && isGuarded(route, guards))
        Object.assign(route.schema, { security: [{ session: [] }] });
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

/** A refusal's media type is its own, and its schema stands once in the document. */
function withProblems(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  for (const path of Object.values(document.paths ?? {})) {
    for (const { responses } of Object.values(path ?? {}) as OpenAPIV3_1.OperationObject[]) {
      if (!responses?.default) continue;
      responses.default = {
        description: 'A refusal; its `code` says which',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      };
    }
  }
  return document;
}
