import { InvalidArgumentError } from 'commander';

/**
 * Makes the parser of an option that names some of a list.
 *
 * @returns a parser that throws InvalidArgumentError for a name that is not in the list; commander prints it beside the
 * option's name.
 */
export function namesFrom<Name extends string>(
  known: readonly Name[],
  separator: string,
): (text: string) => Name[] {
  return (text) =>
    text.split(separator).map((part) => {
      const found = known.find((name) => name === part.trim());
      if (!found)
        throw new InvalidArgumentError(`"${part.trim()}" is none of: ${known.join(`${separator} `)}.`);
      return found;
    });
}
