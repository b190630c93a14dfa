import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fp from 'fastify-plugin';

/**
 * Bodies are taken as they are: a number in quotes is a wrong type, an unknown field is refused.
 * Query, path and header values are text on the wire, so there numbers are read out of text.
 */
export default fp(
  async (app) => {
    const strict = { removeAdditional: false, useDefaults: true, allErrors: false, strict: false } as const;
    const forBodies = addFormats.default(new Ajv({ ...strict, coerceTypes: false }));
    const forText = addFormats.default(new Ajv({ ...strict, coerceTypes: true }));
    app.setValidatorCompiler(({ schema, httpPart }) =>
      (httpPart === 'body' ? forBodies : forText).compile(schema as object),
    );
    // Calls without a body are often sent with a JSON content type all the same.
    app.removeContentTypeParser('application/json');
    const parseJson = app.getDefaultJsonParser('error', 'error');
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
      if (body === '') done(null, undefined);
      else parseJson(request, body as string, done);
    });
  },
  { name: 'validation' },
);
