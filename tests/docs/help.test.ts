import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// Commander wraps the texts of --help to the terminal. A line break inside such a text gives ragged lines.

const root = fileURLToPath(new URL('../..', import.meta.url));
const commands = globSync('{apps,bench,cli,deploy,packages}/**/*.ts', {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|\.turbo)$/.test(path),
}).filter((file) => readFileSync(join(root, file), 'utf8').includes("from 'commander'"));

/** The arguments of each call of a method, as they stand in the source. */
function argumentsOf(method: string, source: string): string[] {
  return [...source.matchAll(new RegExp(`\\.${method}\\(`, 'g'))].map(({ index }) => {
    const start = index + method.length + 2;
    let end = start;
    for (let open = 1; open > 0; end += 1) {
      if (source[end] === '(') open += 1;
      if (source[end] === ')') open -= 1;
    }
    return source.slice(start, end - 1);
  });
}

function raggedTextsOf(source: string): string[] {
  const wrapped = ['description', 'option', 'argument'].flatMap((method) => argumentsOf(method, source));
  const broken = wrapped.filter((text) => text.includes('\\n') || /`[^`]*\n[^`]*`/.test(text));
  const closing = argumentsOf('addHelpText', source);
  return [...broken, ...closing.filter((text) => !text.includes('closingText(') && text.length > 80)];
}

test('no text of a command breaks its own lines', () => {
  expect(commands.length).toBeGreaterThan(25);
  for (const file of commands)
    expect(raggedTextsOf(readFileSync(join(root, file), 'utf8')), file).toEqual([]);
});

test.each([
  "new Command('a').description('Measures what a call costs,\\n' + 'by tier (on Linux).')",
  "new Command('a').option('--seconds <n>', `length of each\nmeasurement`)",
  `new Command('a').addHelpText('after', '${'A line that is longer than a terminal. '.repeat(3)}')`,
])('control: the check finds %j', (source) => {
  expect(raggedTextsOf(source)).toHaveLength(1);
});
