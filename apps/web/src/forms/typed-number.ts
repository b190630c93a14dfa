/** The number that somebody typed, with a comma or a point; nothing typed is no number, and not zero. */
export const typedNumber = (text: string): number | undefined =>
  text.trim() === '' ? undefined : Number(text.replace(',', '.'));
