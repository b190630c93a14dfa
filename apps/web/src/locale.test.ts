import { expect, test } from 'vitest';
import { firstLocaleOf } from './locale.ts';

test.each([
  [['de-DE'], 'de-DE'],
  [['DE-de'], 'de-DE'],
  [['C', 'fr-FR'], 'fr-FR'],
  [['en_US.UTF-8'], 'en-US'],
  [['en-US@posix'], 'en-US'],
  [['de@euro'], 'de'],
  [['C'], 'en-GB'],
  [['', '*', 'x', 'not a tag', 'undefined-'], 'en-GB'],
  [[undefined, null], 'en-GB'],
  [[], 'en-GB'],
])('of the languages %j the page takes %s', (tags, locale) => {
  expect(firstLocaleOf(tags)).toBe(locale);
  expect(new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }).format(12.5)).toContain('€');
});
