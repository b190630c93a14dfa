/** Service `seed`: the catalogue with its reviews and the demo accounts, which is safe to run again; `more` adds more. */
import { Command } from 'commander';
import { drizzle } from 'drizzle-orm/node-postgres';
import { seedAccounts } from './accounts.ts';
import { seedCatalog } from './catalog.ts';
import { loadConfig } from './config.ts';
import { withPrimary } from './connect.ts';
import { moreCommand } from './load-more.ts';

await new Command('seed')
  .description('Adds the catalogue with its reviews and the demo accounts, as far as they are missing.')
  .action(seed)
  .addCommand(moreCommand)
  .parseAsync();

async function seed(): Promise<void> {
  const { databases, accountsFile } = loadConfig();
  await withPrimary(databases.shopUrl, databases.password, async (client) => {
    const db = drizzle(client, { casing: 'snake_case' });
    const counts = await db.transaction(seedCatalog);
    const added = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
    console.log(`added ${added.join(', ')}`);
    const changed = await db.transaction((tx) => seedAccounts(tx, accountsFile));
    console.log(`demo accounts are in ${accountsFile}${changed ? ` (${changed} made)` : ''}`);
  });
}
