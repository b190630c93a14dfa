import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ShopClient } from '@shop/shop-client/shop-client.ts';
import { accountsFile } from '@shop/shop-client/topology-under-test.ts';
import pMap from 'p-map';

export type Item = { id: string; slug: string; initialStock: number };

type Account = { email: string; password: string; role: 'customer' | 'admin' };

/** The demo accounts of the topology under test. */
export function accounts(): Account[] {
  return JSON.parse(readFileSync(accountsFile, 'utf8'));
}

/** A client that is logged in as the administrator. */
export async function adminClient(edge: string): Promise<ShopClient> {
  const admin = accounts().find(({ role }) => role === 'admin');
  if (!admin) throw new Error('the topology has no administrator account');
  const client = new ShopClient(edge);
  const reply = await client.login(admin.email, admin.password);
  if (reply.status !== 200) throw new Error(`admin login: ${reply.status} ${JSON.stringify(reply.body)}`);
  return client;
}

/** Creates products for one run, so that orders of other runs do not change its sums. */
export async function makeItems(edge: string, count: number, initialStock = 100_000): Promise<Item[]> {
  const admin = await adminClient(edge);
  const { body } = await admin.get('/api/categories');
  const make = async (index: number): Promise<Item> => {
    const slug = `chaos-${randomUUID()}`;
    const reply = await admin.post('/api/admin/products', {
      key: randomUUID(),
      body: {
        slug,
        name: `Chaos item ${index + 1}`,
        description: 'Ordered while parts of the shop are killed.',
        category: body.items[0].id,
        priceCents: 500 + index,
        stock: initialStock,
      },
    });
    if (reply.status !== 201) throw new Error(`make item: ${reply.status} ${JSON.stringify(reply.body)}`);
    return { id: reply.body.id, slug, initialStock };
  };
  return await pMap(Array.from({ length: count }).keys(), make, { concurrency: 6 });
}
