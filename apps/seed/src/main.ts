/** One-shot service `seed`: the catalogue with its reviews, and the demo accounts. Safe to run again. */
import { drizzle } from 'drizzle-orm/node-postgres';
import { seedAccounts } from './accounts.ts';
import { seedCatalog } from './catalog.ts';
import { loadConfig } from './config.ts';
import { withPrimary } from './connect.ts';

const { databases, accountsFile } = loadConfig();

await withPrimary(databases.shopUrl, databases.password, async (client) => {
  const db = drizzle(client, { casing: 'snake_case' });
  const counts = await db.transaction(seedCatalog);
  const added = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  console.log(`added ${added.join(', ')}`);
  const changed = await db.transaction((tx) => seedAccounts(tx, accountsFile));
  console.log(`demo accounts are in ${accountsFile}${changed ? ` (${changed} made)` : ''}`);
});
