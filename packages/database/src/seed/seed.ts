/** One-shot service `seed`: the catalogue with its reviews, and the demo accounts. Safe to run again. */
import { drizzle } from 'drizzle-orm/node-postgres';
import { seedAccounts } from './accounts.ts';
import { seedCatalog } from './catalog.ts';
import { databasePassword, withPrimary } from './connect.ts';

const { SHOP_DATABASE_URL = '', ACCOUNTS_FILE = '/state/accounts.json' } = process.env;

await withPrimary(SHOP_DATABASE_URL, databasePassword(), async (client) => {
  const db = drizzle(client, { casing: 'snake_case' });
  const counts = await db.transaction(seedCatalog);
  const added = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  console.log(`added ${added.join(', ')}`);
  const changed = await db.transaction((tx) => seedAccounts(tx, ACCOUNTS_FILE));
  console.log(`demo accounts are in ${ACCOUNTS_FILE}${changed ? ` (${changed} made)` : ''}`);
});
