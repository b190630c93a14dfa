import { RegisterBody } from '@shop/contracts/accounts.ts';
import { expect, test } from 'vitest';
import { contractResolver } from './contract-resolver.ts';

const resolve = contractResolver(RegisterBody);
const account = { email: 'ada@example.com', password: '12345678', name: 'Ada' };
const check = async (change: Partial<typeof account>) => {
  const { values, errors } = await resolve({ ...account, ...change }, undefined, {} as never);
  return { values, refused: Object.keys(errors) };
};

test('a form judges and sends the normal form of a text, as the API does', async () => {
  // A hundred characters, typed as two hundred code points.
  const name = 'e\u0301'.repeat(100);
  expect(await check({ email: ' Ada@Example.com ', name })).toEqual({
    values: { ...account, name: '\u00e9'.repeat(100) },
    refused: [],
  });
  expect(await check({ password: 'pa\u00a0ss \u0301word ' })).toMatchObject({
    values: { password: 'pa ss \u0301word ' },
    refused: [],
  });
});

test.each([
  ['name', 'e\u0301'.repeat(101)],
  ['name', ' \u200b '],
  ['name', 'Ada\u2028Lovelace'],
  ['password', 'u\u03081234567'.slice(0, 8)],
  ['password', '1234567\u200b8'],
  ['email', 'ada@exa\tmple.com'],
] as const)('a form refuses beside the field what the API would refuse: %s', async (field, text) => {
  expect((await check({ [field]: text })).refused).toEqual([field]);
});
