import { describe, expect, it } from 'vitest';
import { parseQuery, typedQuery } from './query-text.ts';

describe('a query', () => {
  it.each([
    ['q=27', { q: '27' }],
    ['q=a+b%20c', { q: 'a b c' }],
    ['q=100%&x=%zz', { q: '100%', x: '%zz' }],
    ['q=Pi%C3%B1ata', { q: 'Piñata' }],
    ['q=%FF', { q: '\ud800' }],
    ['q=a%C3%28', { q: 'a\ud800' }],
    ['q=%ED%A0%80', { q: '\ud800' }],
    ['q=1&q=2', { q: ['1', '2'] }],
    ['', {}],
  ])('%s is text', (query, expected) => {
    expect({ ...parseQuery(query) }).toEqual(expected);
  });

  it.each([
    ['20', 20],
    ['007', 7],
    ['1e1', '1e1'],
    ['0x10', '0x10'],
    ['+5', '+5'],
    ['-5', '-5'],
    [' 5', ' 5'],
    ['5.0', '5.0'],
    ['٣', '٣'],
    ['', ''],
  ])('the integer %j is read as %j', (sent, read) => {
    const query: Record<string, unknown> = { limit: sent, q: sent };
    typedQuery(query, { limit: { type: 'integer' }, q: { type: 'string' } });
    expect(query).toEqual({ limit: read, q: sent });
  });

  it('has two booleans', () => {
    const query: Record<string, unknown> = { a: 'true', b: 'false', c: '1', d: '' };
    const boolean = { type: 'boolean' };
    typedQuery(query, { a: boolean, b: boolean, c: boolean, d: boolean });
    expect(query).toEqual({ a: true, b: false, c: '1', d: '' });
  });
});
