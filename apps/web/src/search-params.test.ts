import { expect, test } from 'vitest';
import { flagIn, numberIn, pageIn, parseSearch, stringifySearch, textIn } from './search-params.ts';

test.each(['27', 'true', 'null', '[1]', '{"a":1}', '"x"', '1e3', '0x10', '', 'a+b & c', 'Crème 🍮', '-0'])(
  'the text %j of an address is that text, there and back',
  (q) => {
    expect(parseSearch(stringifySearch({ q }))).toEqual({ q });
  },
);

test('a query string as a browser sends it: plus is a space, the first of a name counts', () => {
  expect(parseSearch('?q=bread+and+tea&q=2&__proto__=x')).toEqual(
    Object.fromEntries([
      ['q', 'bread and tea'],
      ['__proto__', 'x'],
    ]),
  );
  expect(stringifySearch({ min: 12.5, stock: true, rating: undefined })).toBe('?min=12.5&stock=true');
  expect(stringifySearch({ q: undefined })).toBe('');
});

test('numbers and flags of an address', () => {
  expect(['12', '12.5', 7].map(numberIn)).toEqual([12, 12.5, 7]);
  for (const value of ['1e3', '0x10', '-1', '1,5', '', ' 1', 'NaN', null, [1]]) {
    expect(numberIn(value)).toBeUndefined();
  }
  expect([true, 'true', false, '1', 1, undefined].map(flagIn)).toEqual([
    true,
    true,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a text is cut between code points, never inside one', () => {
  expect(textIn('🍮🍮🍮', 2)).toBe('🍮🍮');
  expect(textIn('')).toBeUndefined();
});

test('what a spreadsheet or another page puts between words is a space', () => {
  expect(textIn('tea\tpot')).toBe('tea pot');
  expect(textIn('a\r\nb\0c\u2028d\u0085')).toBe('a b c d ');
  // The API refuses each of them.
  expect(textIn('pot\ud800')).toBe('pot\ufffd');
});

test('a page of this shop is an address on this origin, and stays as it was written', () => {
  const origin = 'https://shop.example';
  for (const page of ['/', '/cart', '/search?q=50%25+%26+%231', '/orders/1?new=true#top', '/search?q=$a']) {
    expect(pageIn(page, origin)).toBe(page);
  }
  for (const elsewhere of [
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n\\evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'cart',
    ' /cart',
    '//[',
    '',
    7,
    undefined,
  ]) {
    expect([elsewhere, pageIn(elsewhere, origin)]).toEqual([elsewhere, undefined]);
  }
});
