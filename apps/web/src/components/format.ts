import { locale } from '../locale.ts';

/** Made on first use: making one is slow, and most pages need only some. */
function formatter<Value>(make: () => { format(value: Value): string }): (value: Value) => string {
  let made: ReturnType<typeof make> | undefined;
  return (value) => {
    made ??= make();
    return made.format(value);
  };
}

const euros = formatter<number>(() => new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }));
const days = formatter<Date>(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
const moments = formatter<Date>(
  () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
);

/** Cents as euros, the way the shopper writes them. */
export const price = (cents: number) => euros(cents / 100);
export const day = (time: string) => days(new Date(time));
export const moment = (time: string) => moments(new Date(time));
export const decimal = formatter<number>(
  () => new Intl.NumberFormat(locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 }),
);
export const integer = formatter<number>(() => new Intl.NumberFormat(locale));

/** `3 products`, `1 product`. */
export const count = (amount: number, noun: string) => `${integer(amount)} ${noun}${amount === 1 ? '' : 's'}`;

/**
 * The first use of each formatter is slow. Done here, each in a task of its own, it does not delay the drawing of a
 * page.
 */
export function prepareFormats(): void {
  for (const use of [integer, price]) setTimeout(() => use(0));
}
