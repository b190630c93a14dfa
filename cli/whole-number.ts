import { InvalidArgumentError } from 'commander';

/**
 * Reads an option of a command. @throws InvalidArgumentError, which commander prints, when it is not a whole number.
 */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
