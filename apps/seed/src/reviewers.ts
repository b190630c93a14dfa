import { randomUUID } from 'node:crypto';
import { catalogDate } from '@shop/catalog/catalog.ts';
import type { customers } from '@shop/database/schema/customers.ts';
import { hashPassword } from '@shop/passwords/password.ts';
import { stableFaker, stableId } from './stable.ts';

export type CustomerRow = typeof customers.$inferInsert;

/** Addresses in a domain that exists nowhere (RFC 2606), so that seeded customers differ from registered ones. */
export const seededDomain = 'customers.example';

const reviewerCount = 400;
const threeYearsMs = 3 * 365 * 24 * 3_600_000;

/** The customers of the seeded reviews. They share a random password that is not stored, so none of them can log in. */
export async function reviewerRows(): Promise<CustomerRow[]> {
  const passwordHash = await hashPassword(randomUUID());
  return Array.from({ length: reviewerCount }, (_, index) => {
    const faker = stableFaker(`reviewer ${index}`);
    const firstName = faker.person.firstName();
    const lastName = faker.person.lastName();
    const createdAt = new Date(catalogDate.getTime() - threeYearsMs + index * 3_600_000);
    return {
      id: stableId(createdAt, `reviewer ${index}`),
      email: `${faker.helpers.slugify(`${firstName}.${lastName}`).toLowerCase()}.${index}@${seededDomain}`,
      // Names as people sign on the web: some complete, some with an initial.
      name: faker.datatype.boolean(0.4) ? `${firstName} ${lastName}` : `${firstName} ${lastName[0]}.`,
      passwordHash,
      createdAt,
    };
  });
}
