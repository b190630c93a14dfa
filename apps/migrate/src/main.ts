/** One-shot service `migrate`: brings databases to their newest schemas. Safe to run again. */
import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from './config.ts';
import { migrateDatabase } from './migrate.ts';

type Target = { database: string; folder: string };

const program = new Command('migrate')
  .description('Brings databases to their newest schemas; what has run before does not run again.')
  .argument('<database=folder...>', 'a database of the server, and the folder of its migrations', addTarget)
  .parse();

const { serverUrl, password } = loadConfig();
for (const { database, folder } of program.processedArgs[0] as Target[]) {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  await migrateDatabase(url.href, password, folder);
  console.log(`database ${database} is at its newest schema`);
}

function addTarget(text: string, before: Target[] = []): Target[] {
  const [, database, folder] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!database || !folder)
    throw new InvalidArgumentError('It must be `database=folder`, such as `shop=migrations`.');
  return [...before, { database, folder }];
}
