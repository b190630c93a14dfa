import { InvalidArgumentError } from 'commander';

/**
 * Makes the parser of an option that is a whole number.
 *
 * @returns a parser that throws InvalidArgumentError for anything else; commander prints it beside the option's name.
 */
export function wholeNumberFrom(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most))
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    return number;
  };
}

/** Reads an option that is a whole number, also 0. */
export const wholeNumber = wholeNumberFrom(0);
/** Reads an option that is a whole number and counts something: 1 or more. */
export const positiveNumber = wholeNumberFrom(1);
