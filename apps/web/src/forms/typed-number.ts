import { locale as localeOfPage } from '../locale.ts';

type Options = {
  /** The most digits after the decimal separator. */
  fractionDigits?: number;
  locale?: string;
};

/**
 * Spaces, apostrophes and minus signs that look alike count as the same; few keyboards have all of them. Digits,
 * separators and signs as wide as a Japanese character are what those of other keyboards are.
 */
const alike = (text: string) =>
  text
    .replaceAll(/[\uFF0B-\uFF19]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll(/\p{Zs}/gu, ' ')
    .replaceAll('’', "'")
    .replaceAll('\u2212', '-')
    .replaceAll(/\p{Cf}/gu, '');

/** How the locale writes a number, with and without separators between groups of digits. */
const writings = (value: number, locale: string, fractionDigits: number): string[] =>
  ([false, 'always'] as const).map((useGrouping) =>
    alike(
      new Intl.NumberFormat(locale, {
        useGrouping,
        minimumFractionDigits: fractionDigits,
        maximumFractionDigits: fractionDigits,
      }).format(value),
    ),
  );

/** The number, if each character is a digit, separator or sign of the locale. Their positions are not checked. */
function looselyRead(text: string, locale: string): number {
  const format = new Intl.NumberFormat(locale, { useGrouping: 'always' });
  const plain = new Map([['-', '-']]);
  for (const { type, value } of format.formatToParts(12_345.6)) {
    if (type === 'group') plain.set(alike(value), '');
    if (type === 'decimal') plain.set(alike(value), '.');
  }
  for (let digit = 0; digit <= 9; digit += 1) plain.set(format.format(digit), String(digit));
  const read = Array.from(text, (character) => plain.get(character) ?? 'unknown').join('');
  return /^-?\d+(?:\.\d+)?$/.test(read) ? Number(read) : Number.NaN;
}

/**
 * The number that a person typed, read in the locale of the page. The locale must write the number in the same way:
 * "1,234" is 1234 in English, and "1,23" is refused, because a comma separates thousands there. A leading zero or "+"
 * is accepted, and so is a number without a zero before its decimal separator. It uses `Intl` alone: a library would add
 * 3 kB to every page with a quantity.
 *
 * @returns undefined for a blank text, and NaN for a text that is not a number or could be two different ones.
 */
export function typedNumber(text: string, options: Options = {}): number | undefined {
  const { fractionDigits = 0, locale = localeOfPage } = options;
  const typed = alike(text)
    .trim()
    .replace(/^\+(?=\d)/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/^-?(?=[.,]\d)/, '$&0');
  if (typed === '') return undefined;
  // The locale's own digits, and those of every keyboard.
  for (const written of [locale, new Intl.Locale(locale, { numberingSystem: 'latn' }).toString()]) {
    const value = looselyRead(typed, written);
    if (Number.isNaN(value)) continue;
    for (let digits = 0; digits <= fractionDigits; digits += 1) {
      if (writings(value, written, digits).includes(typed)) return value || 0;
    }
  }
  return Number.NaN;
}

/** A number as the locale of the page writes it, to be changed in a field. */
export const writtenNumber = (value: number, fractionDigits = 0, locale = localeOfPage): string =>
  new Intl.NumberFormat(locale, {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  }).format(value);
