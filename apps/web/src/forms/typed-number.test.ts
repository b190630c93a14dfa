import { expect, test } from 'vitest';
import { typedNumber, writtenNumber } from './typed-number.ts';

const locales = [
  'en-GB',
  'en-US',
  'de-DE',
  'de-CH',
  'fr-FR',
  'es-ES',
  'pl-PL',
  'sv-SE',
  'en-IN',
  'ar-EG',
  'hi-IN',
];

test.each([
  ['1,234', 'en-GB', 1234],
  ['1,234.56', 'en-GB', 1234.56],
  ['1234.5', 'en-GB', 1234.5],
  ['29.5', 'en-GB', 29.5],
  [' 7 ', 'en-GB', 7],
  ['+25', 'en-GB', 25],
  ['-3', 'en-GB', -3],
  ['−3', 'en-GB', -3],
  ['007', 'en-GB', 7],
  ['0.50', 'en-GB', 0.5],
  ['-0', 'en-GB', 0],
  ['.5', 'en-GB', 0.5],
  ['-.5', 'en-US', -0.5],
  [',5', 'de-DE', 0.5],
  ['１，２３４．５', 'ja-JP', 1234.5],
  ['－３', 'en-GB', -3],
  ['1.234', 'de-DE', 1234],
  ['1.234,5', 'de-DE', 1234.5],
  ['12,50', 'de-DE', 12.5],
  ["1'234.50", 'de-CH', 1234.5],
  ['1’234.50', 'de-CH', 1234.5],
  ['1 234,50', 'fr-FR', 1234.5],
  ['1 234,50', 'fr-FR', 1234.5],
  ['1.234', 'es-ES', 1234],
  ['1 234,50', 'pl-PL', 1234.5],
  ['-3', 'sv-SE', -3],
  ['1,00,000', 'en-IN', 100_000],
  ['١٬٢٣٤٫٥', 'ar-EG', 1234.5],
  ['1,234.5', 'ar-EG', 1234.5],
])('%j in %s is %d', (text, locale, value) => {
  expect(typedNumber(text, { locale, fractionDigits: 2 })).toBe(value);
});

test.each([
  ['1,23', 'en-GB'],
  ['1,5', 'en-GB'],
  ['12,50', 'en-GB'],
  ['1,2345', 'en-GB'],
  ['1234,567', 'en-GB'],
  ['1.234', 'en-GB'],
  ['1.2.3', 'en-GB'],
  ['1 234', 'en-GB'],
  [',5', 'en-GB'],
  ['.5', 'de-DE'],
  ['.234', 'en-GB'],
  ['5²', 'en-GB'],
  ['½', 'en-GB'],
  ['0x10', 'en-GB'],
  ['1e3', 'en-GB'],
  ['Infinity', 'en-GB'],
  ['NaN', 'en-GB'],
  ['--3', 'en-GB'],
  ['3-', 'en-GB'],
  ['12 pieces', 'en-GB'],
  ['€12', 'en-GB'],
  ['99999999999999999999', 'en-GB'],
  ['-', 'en-GB'],
  ['.', 'en-GB'],
  ['12.50', 'de-DE'],
  ['1,234.50', 'de-DE'],
  ['1.2', 'de-DE'],
])('%j in %s is refused', (text, locale) => {
  expect(typedNumber(text, { locale, fractionDigits: 2 })).toBeNaN();
});

test('a whole number has no digits after a separator', () => {
  for (const text of ['7.5', '7.0', '7.']) expect(typedNumber(text, { locale: 'en-GB' })).toBeNaN();
});

test('a blank text is no number, and not zero', () => {
  for (const text of ['', ' ', '\u00A0']) expect(typedNumber(text)).toBeUndefined();
});

test.each(locales)('what %s writes, it reads', (locale) => {
  for (const value of [0, 1, 12.5, 999.99, 1000, 1234.5, 12_345.67, 1_000_000, -3, -1234]) {
    expect(typedNumber(writtenNumber(value, 2, locale), { locale, fractionDigits: 2 })).toBe(value);
    const whole = Math.trunc(value);
    expect(typedNumber(writtenNumber(whole, 0, locale), { locale })).toBe(whole);
  }
});
