import { expect, test } from 'vitest';
import { commandLine, type Options } from './wanted.ts';

/** What a command line asks for. @throws when Commander refuses it. */
function wanted(...words: string[]): Options {
  const command = commandLine()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(words, { from: 'user' }).opts();
}

test('the shop of `npm start` is shown if no other is named', () => {
  expect(wanted()).toMatchObject({ project: 'shop', port: 8090 });
  expect(wanted('--project', 'shop-test', '--port', '0')).toMatchObject({ project: 'shop-test', port: 0 });
});

test.each([
  ['--port', '70000'],
  ['--port', 'http'],
])('%s %s is refused', (...words) => {
  expect(() => wanted(...words)).toThrow();
});
