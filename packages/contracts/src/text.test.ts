import { describe, expect, it } from 'vitest';
import { normalText, type TextKind } from './text.ts';

const formOf = (kind: TextKind, raw: string) => {
  const normal = normalText(kind, raw);
  return 'text' in normal ? normal.text : normal.refusal;
};
const control = 'must not contain control characters';
const oneLine = 'must be a single line';
const notSeen = 'must not contain control characters or characters that are not seen';

describe('the normal form of a text', () => {
  it.each<[string, TextKind, string, string]>([
    ['decomposed accents are composed', 'line', 'Cafe\u0301', 'Café'],
    ['Hangul letters become a syllable', 'line', '\u1100\u1161', '가'],
    ['spaces at the ends go, those inside stay', 'line', ' \u00a0Ada  Lovelace\u3000', 'Ada  Lovelace'],
    ['white space alone is blank', 'line', ' \u2003\u00a0 ', ''],
    ['characters of no width alone are blank', 'line', '\u200b\u2060\ufeff\u3164\u2800', ''],
    ['emoji stay', 'line', '👩‍👩‍👧 ❤️', '👩‍👩‍👧 ❤️'],
    ['a line break in one line', 'line', 'Ada\nLovelace', oneLine],
    ['a line separator in one line', 'line', 'Ada\u2028Lovelace', oneLine],
    ['a carriage return at the end of one line', 'line', 'Ada\r', oneLine],
    ['NUL', 'line', 'Ada\u0000', control],
    ['TAB in one line', 'line', 'Ada\tLovelace', control],
    ['DEL', 'lines', 'Ada\u007f', control],
    ['a lone high surrogate', 'line', 'Ada\ud83d', 'must be valid Unicode'],
    ['a lone low surrogate', 'password', '\udc00 and enough', 'must be valid Unicode'],
    ['several lines keep LF and TAB', 'lines', '\n\ta\n\n\tb \n', 'a\n\n\tb'],
    ['CR LF becomes LF', 'lines', 'a\r\nb', 'a\nb'],
    ['CR alone is a control character', 'lines', 'a\rb', control],
    ['an address is in lower case', 'email', ' Ada.LOVELACE@Example.COM ', 'ada.lovelace@example.com'],
    ['a password keeps its spaces', 'password', '  two  words ', '  two  words '],
    ['every kind of space in a password is one', 'password', 'a\u00a0b\u3000c\u2003d', 'a b c d'],
    ['a password is composed', 'password', 'Gru\u0308n u\u0308ber', 'Grün über'],
    ['a password keeps case and width', 'password', 'ＡbＣ', 'ＡbＣ'],
    ['a password of emoji', 'password', '🔑🗝️'.slice(0, 4), '🔑🗝'],
    ['a control character in a password', 'password', 'tab\there', notSeen],
    ['a character of no width in a password', 'password', 'zero\u200bwidth', notSeen],
    ['a private character in a password', 'password', 'apple \uf8ff', notSeen],
  ])('%s', (_case, kind, raw, expected) => {
    expect(formOf(kind, raw)).toBe(expected);
  });

  it('is its own normal form', () => {
    for (const kind of ['line', 'lines', 'email', 'password'] as const) {
      for (const raw of ['Å\u030a', 'İSTANBUL@x.de', ' ǅ ', '\u0344', 'ΑΣ\u0301', 'a\u00a0b']) {
        const once = formOf(kind, raw);
        expect(formOf(kind, once)).toBe(once);
      }
    }
  });
});
