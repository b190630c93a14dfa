/** More words than a shopper types; each one costs a walk through the index. */
const maxWords = 12;

/**
 * A shopper's words as the text of a Postgres `tsquery`: all of them, each also as the beginning of a word.
 * Only letters and digits are taken over, so no text can break or extend the syntax.
 *
 * @returns null when there is nothing to search for.
 */
export function toPrefixQuery(text: string): string | null {
  const words = text.normalize('NFC').match(/[\p{L}\p{N}]+/gu);
  return words
    ? words
        .slice(0, maxWords)
        .map((word) => `${word}:*`)
        .join(' & ')
    : null;
}
