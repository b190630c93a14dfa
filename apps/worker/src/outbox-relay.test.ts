import { expect, test } from 'vitest';
import { pauseMs } from './outbox-relay.ts';

test('a relay polls often as long as events come, and four times less often in an idle shop', () => {
  expect(pauseMs(100, 0)).toBe(100);
  expect(pauseMs(100, 4_999)).toBe(100);
  expect(pauseMs(100, 5_000)).toBe(400);
});
