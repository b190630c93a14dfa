import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import cursors from './cursors.ts';

const app = Fastify();
await app.register(cursors, { config: { tokenSecret: 'a secret of this test' } });
const { encode, decode } = app.cursors;
const context = { list: 'products', sort: 'name', q: undefined };
const cursor = encode(context, ['Äpfel', 12, null, '01890a5d']);

describe('a cursor', () => {
  it('returns its values', () => {
    expect(decode(context, cursor)).toEqual(['Äpfel', 12, null, '01890a5d']);
    expect(decode(context, undefined)).toBeUndefined();
  });

  it('is the same whatever the order of the filters', () => {
    expect(encode({ sort: 'name', list: 'products' }, [1])).toBe(
      encode({ list: 'products', sort: 'name' }, [1]),
    );
  });

  it('is refused with another filter, sort, list or secret', async () => {
    const other = Fastify();
    await other.register(cursors, { config: { tokenSecret: 'another' } });
    expect(() => decode({ ...context, q: 'tea' }, cursor)).toThrow(
      expect.objectContaining({
        code: 'invalid-cursor',
        details: { errors: [expect.objectContaining({ path: '/query/cursor' })] },
      }),
    );
    expect(() => decode({ ...context, sort: 'newest' }, cursor)).toThrow();
    expect(() => decode({ ...context, list: 'orders' }, cursor)).toThrow();
    expect(() => other.cursors.decode(context, cursor)).toThrow();
  });

  it('is refused with any one character changed, added or missing', () => {
    for (let at = 0; at < cursor.length; at += 1) {
      const changed = cursor[at] === 'A' ? 'B' : 'A';
      expect(() => decode(context, cursor.slice(0, at) + changed + cursor.slice(at + 1))).toThrow();
    }
    for (const broken of ['', '.', 'x', `${cursor}.`, `${cursor}A`, cursor.slice(0, -1), `${cursor}=`]) {
      expect(() => decode(context, broken)).toThrow();
    }
  });
});
