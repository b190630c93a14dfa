import { expect, test } from 'vitest';
import type { Effects } from './effects-happen-once.ts';
import { judgeRepeats } from './nothing-is-repeated.ts';

const done: Effects = {
  orderId: 'order-1',
  status: 'paid',
  totalCents: 500,
  ourNetCents: 500,
  providerNetCents: 500,
  captureAttempts: 1,
  mailsOnRecord: 1,
  mailCopies: 1,
};

test('passes one of each, and one more where a job was interrupted', () => {
  expect(() => judgeRepeats([done], 1)).not.toThrow();
  expect(() => judgeRepeats([{ ...done, captureAttempts: 2, mailCopies: 2 }], 2)).not.toThrow();
});

test('counts what the provider and the Message-ID hide', () => {
  const twice = [done, { ...done, captureAttempts: 2 }, { ...done, mailCopies: 3 }];
  expect(() => judgeRepeats(twice, 1)).toThrow(/: 1 orders whose money .* more than 1 times, 1 whose mail/);
});

test('objects to having nothing to look at', () => {
  expect(() => judgeRepeats([], 1)).toThrow(/no orders/);
});
