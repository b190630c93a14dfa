import { afterEach, expect, test, vi } from 'vitest';
import requireStores from './require-stores.ts';

afterEach(() => vi.unstubAllEnvs());

test('integration tests without stores end at once, with the command that runs them', () => {
  vi.stubEnv('DATABASE_PRIMARY_URL', undefined);
  expect(requireStores).toThrow('npm test -- --keep FILE');
});

test('integration tests with stores run', () => {
  vi.stubEnv('DATABASE_PRIMARY_URL', 'postgres://shop@pgbouncer/shop');
  expect(requireStores).not.toThrow();
});
