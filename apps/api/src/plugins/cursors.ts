import { createHmac, timingSafeEqual } from 'node:crypto';
import fp from 'fastify-plugin';
import stringify from 'safe-stable-stringify';
import type { Config } from '../config.ts';
import { ProblemError } from '../problem-error.ts';

/** The list of a cursor, with everything that decides its content and order, such as filters and sort. */
export type CursorContext = { list: string } & Record<string, string | number | boolean | null | undefined>;
/** The sort values of the last row of a page, the unique one last. */
export type CursorValues = (string | number | null)[];

declare module 'fastify' {
  interface FastifyInstance {
    cursors: {
      encode(context: CursorContext, values: CursorValues): string;
      /** @returns undefined without a cursor. @throws ProblemError `invalid-cursor` for a cursor of another context. */
      decode(context: CursorContext, cursor: string | undefined): CursorValues | undefined;
    };
  }
}

/**
 * Opaque, signed positions in a list (keyset pagination). The signature covers the context, which the cursor does
 * not carry: with other filters or another sort it does not verify.
 */
export default fp<{ config: Pick<Config, 'tokenSecret'> }>(
  async (app, { config }) => {
    const signatureOf = (context: CursorContext, payload: string) =>
      createHmac('sha256', config.tokenSecret)
        .update(`cursor\n${stringify(context)}\n${payload}`)
        .digest()
        .subarray(0, 16);

    app.decorate('cursors', {
      encode(context, values) {
        const payload = Buffer.from(JSON.stringify(values)).toString('base64url');
        return `${payload}.${signatureOf(context, payload).toString('base64url')}`;
      },
      decode(context, cursor) {
        if (cursor === undefined) return undefined;
        const [payload = '', signature = '', ...rest] = cursor.split('.');
        const sent = Buffer.from(signature, 'base64url');
        const expected = signatureOf(context, payload);
        // Only the exact text that was signed is accepted, not another encoding of the same bytes.
        const ours = sent.toString('base64url') === signature && rest.length === 0;
        if (!ours || sent.length !== expected.length || !timingSafeEqual(sent, expected)) {
          throw new ProblemError('invalid-cursor', {
            errors: [{ path: '/query/cursor', message: 'is not a cursor of this list' }],
          });
        }
        return JSON.parse(Buffer.from(payload, 'base64url').toString()) as CursorValues;
      },
    });
  },
  { name: 'cursors' },
);
