import { randomUUID } from 'node:crypto';
import { faker } from '@faker-js/faker';
import { catalogDate, products as templates } from '@shop/catalog/catalog.ts';
import { hashPassword } from '@shop/passwords/password.ts';
import { v7 as uuid } from 'uuid';
import { picturesOf } from './catalog.ts';
import { withPrimary } from './connect.ts';
import { copyRows } from './copy.ts';
import { loadOnce } from './load-once.ts';
import { seededDomain } from './reviewers.ts';

export type Databases = { shopUrl: string; paymentsUrl: string; password: string };

/** Called with how many more rows have been loaded. */
export type OnProgress = (count: number) => void;

const batchSize = 10_000;
const yearMs = 365 * 24 * 3_600_000;

/** Adds variants of the catalogue's products: another edition, another price, the same picture. */
export async function loadProducts(
  { shopUrl: url, password }: Databases,
  count: number,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const existing = await withPrimary(url, password, async (client) => {
    const { rows } = await client.query<{ count: number }>('SELECT count(*) FROM products');
    return rows[0]!.count;
  });
  for (let start = 0; start < count && !signal.aborted; start += batchSize) {
    const size = Math.min(batchSize, count - start);
    const variants = Array.from({ length: size }, (_, index) => variant(existing + start + index));
    const first = { table: 'products', column: 'id', id: variants[0]!.id };
    await loadOnce({ url, password, first }, async (client) => {
      await copyRows(
        client,
        `products (id, slug, name, description, category, price_cents, stock, image_url, images, created_at,
          updated_at)`,
        variants.map((v) => [
          ...[v.id, v.slug, v.name, v.description, v.category, v.priceCents, v.stock, v.imageUrl],
          ...[JSON.stringify(v.images), v.createdAt, v.createdAt],
        ]),
      );
      await copyRows(
        client,
        'stock_changes (id, product_id, delta, reason, stock_after, created_at)',
        variants.map((v) => [uuid(), v.id, v.stock, 'initial', v.stock, v.createdAt]),
      );
    });
    onProgress(size);
  }
}

/** The number makes the slug unique among all products, also those of earlier loads. */
function variant(number: number) {
  const template = templates[number % templates.length]!;
  const createdAt = new Date(catalogDate.getTime() - faker.number.int(2 * yearMs));
  const edition = faker.color.human().replace(/^./, (letter) => letter.toUpperCase());
  return {
    ...template,
    ...picturesOf(template.slug),
    id: uuid({ msecs: createdAt.getTime() }),
    slug: `${template.slug}-${number}`,
    name: `${template.name}, ${edition} No. ${number}`,
    priceCents: Math.round((template.priceCents * faker.number.float({ min: 0.8, max: 1.3 })) / 10) * 10,
    stock: faker.number.int({ min: 20, max: 500 }),
    createdAt: createdAt.toISOString(),
  };
}

/** Adds customers for the orders. They cannot log in: they share a random password that is not stored. */
export async function loadCustomers(
  { shopUrl: url, password }: Databases,
  count: number,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const passwordHash = await hashPassword(randomUUID());
  for (let start = 0; start < count && !signal.aborted; start += batchSize) {
    const people = Array.from({ length: Math.min(batchSize, count - start) }, person);
    const first = { table: 'customers', column: 'id', id: people[0]!.id };
    await loadOnce({ url, password, first }, (client) =>
      copyRows(
        client,
        'customers (id, email, name, password_hash, created_at)',
        people.map(({ id, email, name, createdAt }) => [id, email, name, passwordHash, createdAt]),
      ),
    );
    onProgress(people.length);
  }
}

function person() {
  const createdAt = new Date(catalogDate.getTime() - faker.number.int(2 * yearMs));
  const id = uuid({ msecs: createdAt.getTime() });
  const [firstName, lastName] = [faker.person.firstName(), faker.person.lastName()];
  const local = faker.helpers.slugify(`${firstName}.${lastName}.${id.slice(-12)}`).toLowerCase();
  return {
    id,
    email: `${local}@${seededDomain}`,
    name: `${firstName} ${lastName}`,
    createdAt: createdAt.toISOString(),
  };
}
