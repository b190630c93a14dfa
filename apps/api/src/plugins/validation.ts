import { isUtf8 } from 'node:buffer';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ProblemError } from '../problem-error.ts';
import { typedQuery } from './query-text.ts';
import { addTextKeyword } from './text-keyword.ts';

/**
 * Values are checked without conversion: a number in quotes has the wrong type, an unknown field is refused. Only a
 * query, which is text, is first converted to numbers and booleans. Texts are put into their normal form.
 */
export default fp(
  async (app) => {
    const ajv = new Ajv({
      removeAdditional: false,
      useDefaults: true,
      coerceTypes: false,
      strict: false,
      verbose: true,
    });
    addTextKeyword(addFormats.default(ajv));
    // The library's own pattern also takes `urn:uuid:` before an id, which Postgres does not.
    ajv.addFormat('uuid', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
    app.setValidatorCompiler(({ schema, httpPart }) => {
      const validate = ajv.compile(schema as object);
      if (httpPart !== 'querystring') return validate;
      const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
      return (query: Record<string, unknown>) => {
        typedQuery(query, properties);
        return validate(query) ? { value: query } : { error: validate.errors as never };
      };
    });

    app.removeContentTypeParser(['application/json', 'text/plain']);
    const parseJson = app.getDefaultJsonParser('error', 'error');
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      const bytes = body as Buffer;
      // Clients often send a JSON content type with a call that has no body.
      if (bytes.length === 0) done(null, undefined);
      // Fastify does not decompress a body: it would call the compressed bytes wrong JSON (RFC 9110 §15.5.16).
      else if (isEncoded(request)) {
        done(new ProblemError('unsupported-media-type', { detail: 'The body has a Content-Encoding' }));
      }
      // Decoding would replace bytes that are not UTF-8 by U+FFFD, and store text that the client has not sent.
      else if (!isUtf8(bytes)) done(new ProblemError('invalid-json', { detail: 'The body is not UTF-8' }));
      else parseJson(request, bytes.toString('utf8'), done);
    });
    // Bodies are JSON. Fastify would also take plain text, and repair what of it is not UTF-8. A browser says "plain text"
    // of the empty body of a call that has none.
    app.addContentTypeParser('text/plain', { parseAs: 'buffer' }, (_request, body, done) => {
      if (body.length === 0) done(null, undefined);
      else done(new ProblemError('unsupported-media-type'));
    });
  },
  { name: 'validation' },
);

function isEncoded({ headers }: FastifyRequest): boolean {
  return !['identity', ''].includes(headers['content-encoding']?.trim().toLowerCase() ?? '');
}
