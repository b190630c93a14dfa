import { type AddHelpTextContext, Help } from 'commander';

/**
 * A text after the options of `--help`: `addHelpText('after', closingText('…'))`. Commander wraps a description to the
 * width of the terminal, but not such a text, so this does. Write a paragraph as one line. A line of a list or an
 * example that begins with blanks must fit.
 */
export function closingText(text: string): (context: AddHelpTextContext) => string {
  return ({ command }) => {
    const width = command.configureOutput().getOutHelpWidth?.() ?? defaultWidth;
    return `\n${new Help().boxWrap(text, width)}`;
  };
}

/** Commander's own where stdout is no terminal. */
const defaultWidth = 80;
