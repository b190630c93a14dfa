import { Command } from 'commander';
import { expect, test } from 'vitest';
import { namesFrom } from './names-from.ts';
import { positiveNumber, wholeNumberFrom } from './whole-number.ts';

/** What the command does with the option: its number, or the message that commander would print. */
function read<Value>(parser: (text: string) => Value, text: string): Value | string {
  const command = new Command('measure').option('--clients <n>', 'how many', parser).exitOverride();
  command.configureOutput({ writeErr: () => {} });
  try {
    return command.parse(['--clients', text], { from: 'user' }).opts().clients;
  } catch (error) {
    return (error as Error).message;
  }
}

test('a whole number in the range is read', () => {
  expect(read(wholeNumberFrom(1, 10), '10')).toBe(10);
  expect(read(positiveNumber, '1')).toBe(1);
});

test.each(['0', '11', '-1', '2.5', '1e1', 'ten', ''])(
  '"%s" is refused, with the name of the option and the range',
  (text) => {
    const message = read(wholeNumberFrom(1, 10), text);
    expect(message).toContain('--clients');
    expect(message).toContain('It must be a whole number from 1 to 10.');
  },
);

test('without an upper bound the message names the lower one', () => {
  expect(read(positiveNumber, '0')).toContain('It must be a whole number of at least 1.');
});

test('names of a list are read, and another one is refused with the list', () => {
  const parser = namesFrom(['own order', 'me'], ';');
  expect(read(parser, 'me; own order')).toEqual(['me', 'own order']);
  expect(read(parser, 'me;you')).toMatch(/--clients.*"you" is none of: own order; me\./);
});
