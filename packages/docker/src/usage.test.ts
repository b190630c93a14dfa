import { expect, test } from 'vitest';
import { withoutCache } from './usage.ts';

test('pages of files that were not used for a while do not count as memory in use', () => {
  expect(withoutCache({ usage: 1000, stats: { anon: 300, inactive_file: 600 } })).toBe(400);
  const first = { inactive_file: 1, total_inactive_file: 600 };
  expect(withoutCache({ usage: 1000, stats: first })).toBe(400);
});

test('statistics without the figure are an error, not 0', () => {
  expect(() => withoutCache({ usage: 1000, stats: { anon: 300 } })).toThrow('no inactive_file');
});
