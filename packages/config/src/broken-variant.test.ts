import { describe, expect, test } from 'vitest';
import { brokenVariant, brokenVariants } from './broken-variant.ts';

describe('a build in which a promise is broken', () => {
  test.each(brokenVariants)(
    '%s is refused in production, also when nothing says which environment this is',
    (name) => {
      for (const env of [{}, { SHOP_ENVIRONMENT: '' }, { SHOP_ENVIRONMENT: 'production' }]) {
        expect(() => brokenVariant({ ...env, BROKEN_VARIANT: name })).toThrow(/refused in production/);
      }
    },
  );

  test('is allowed in a test that says so, by a name that exists', () => {
    const env = { SHOP_ENVIRONMENT: 'test', BROKEN_VARIANT: 'api-does-not-drain' };
    expect(brokenVariant(env)).toBe('api-does-not-drain');
    expect(() => brokenVariant({ ...env, BROKEN_VARIANT: 'sloppy' })).toThrow(/none of/);
  });

  test('is refused by default', () => {
    expect(brokenVariant({ BROKEN_VARIANT: '' })).toBeUndefined();
    expect(brokenVariant({})).toBeUndefined();
  });
});
