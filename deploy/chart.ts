/** `npm run chart`: writes the table of values in the chart's README, from its schema and values.yaml. */
import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { chart } from './render.ts';
import { withValuesTable } from './values-table.ts';

new Command('npm run chart')
  .description(
    'Writes the table of values in deploy/chart/README.md from values.schema.json and values.yaml.',
  )
  .action(async () => {
    const path = `${chart}/README.md`;
    await writeFile(path, withValuesTable(await readFile(path, 'utf8')));
  })
  .parseAsync();
