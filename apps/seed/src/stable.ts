import { createHash } from 'node:crypto';
import { base, en, Faker } from '@faker-js/faker';
import { v7 } from 'uuid';

const digest = (key: string) => createHash('sha256').update(key).digest();

/**
 * A UUIDv7 that is the same in every run: its time is `createdAt`, its random part comes from `key`. So a row keeps its
 * id when other rows are added before it.
 */
export function stableId(createdAt: Date, key: string): string {
  return v7({ msecs: createdAt.getTime(), random: digest(key).subarray(0, 16) });
}

/** A random generator that gives the same values in every run: one for each `key`. */
export function stableFaker(key: string): Faker {
  const faker = new Faker({ locale: [en, base] });
  faker.seed(digest(key).readUInt32BE());
  return faker;
}
