import { isUtf8 } from 'node:buffer';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fp from 'fastify-plugin';
import { ProblemError } from '../problem-error.ts';
import { typedQuery } from './query-text.ts';
import { addTextKeyword } from './text-keyword.ts';

/**
 * Values are judged as they are: a number in quotes is a wrong type, an unknown field is refused. Only a query, which is
 * text on the wire, has its numbers and booleans read out of text first. Texts are put into their normal form.
 */
export default fp(
  async (app) => {
    const ajv = new Ajv({ removeAdditional: false, useDefaults: true, coerceTypes: false, strict: false });
    addTextKeyword(addFormats.default(ajv));
    app.setValidatorCompiler(({ schema, httpPart }) => {
      const validate = ajv.compile(schema as object);
      if (httpPart !== 'querystring') return validate;
      const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
      return (query: Record<string, unknown>) => {
        typedQuery(query, properties);
        return validate(query) ? { value: query } : { error: validate.errors as never };
      };
    });

    app.removeContentTypeParser('application/json');
    const parseJson = app.getDefaultJsonParser('error', 'error');
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      const bytes = body as Buffer;
      // Clients often send a call without a body with a JSON content type all the same.
      if (bytes.length === 0) done(null, undefined);
      // Decoding would put U+FFFD in the place of what is not UTF-8: it would store what no client has sent.
      else if (!isUtf8(bytes)) done(new ProblemError('invalid-json', { detail: 'The body is not UTF-8' }));
      else parseJson(request, bytes.toString('utf8'), done);
    });
  },
  { name: 'validation' },
);
