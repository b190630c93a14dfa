import { Command } from 'commander';
import { expect, test } from 'vitest';
import { closingText } from './help.ts';

const paragraph = Array.from({ length: 40 }, (_, number) => `word${number}`).join(' ');

test.each([40, 80, 120])('a closing text is as wide as a terminal of %i columns allows', (columns) => {
  let help = '';
  const command = new Command('demo').configureOutput({
    getOutHelpWidth: () => columns,
    writeOut: (text) => {
      help += text;
    },
  });
  command.addHelpText('after', closingText(`${paragraph}\n\nExamples:\n  npm run demo -- all`)).outputHelp();

  const wrapped = help.slice(help.indexOf('word0'), help.indexOf('\n\nExamples')).split('\n');
  expect(wrapped.join(' ')).toBe(paragraph);
  for (const [index, line] of wrapped.entries()) {
    expect(line.length).toBeLessThanOrEqual(columns);
    const next = wrapped[index + 1]?.split(' ')[0];
    if (next) expect(`${line} ${next}`.length).toBeGreaterThan(columns);
  }
  expect(help).toContain('\nExamples:\n  npm run demo -- all\n');
});
