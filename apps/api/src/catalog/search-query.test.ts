import { describe, expect, it } from 'vitest';
import { toPrefixQuery } from './search-query.ts';

describe('the text of a search', () => {
  it('asks for every word, each as a beginning', () => {
    expect(toPrefixQuery('  Olive oil, 500ml ')).toBe('Olive:* & oil:* & 500ml:*');
    expect(toPrefixQuery('crème brûlée')).toBe('crème:* & brûlée:*');
  });

  it('takes over nothing of the syntax of tsquery', () => {
    expect(toPrefixQuery(`a' | !b:*A & (c <-> d) \\ "e"`)).toBe('a:* & b:* & A:* & c:* & d:* & e:*');
  });

  it('is nothing without letters or digits', () => {
    expect(toPrefixQuery('')).toBeNull();
    expect(toPrefixQuery(` !?&|:*()'"\\ 🥐`)).toBeNull();
  });

  it('is bounded', () => {
    expect(toPrefixQuery('a '.repeat(50))?.split(' & ')).toHaveLength(12);
  });
});
