import { expect, test } from 'vitest';
import { type Effects, judgeEffects } from './effects-happen-once.ts';

const paid: Effects = {
  orderId: 'o1',
  status: 'paid',
  totalCents: 500,
  ourNetCents: 500,
  providerNetCents: 500,
  captureAttempts: 1,
  mailsOnRecord: 1,
  mailCopies: 1,
};
const cancelled: Effects = {
  ...paid,
  orderId: 'o2',
  status: 'cancelled',
  ourNetCents: 0,
  providerNetCents: 0,
};

test('passes a paid and a cancelled order, and counts what was tried more than once', () => {
  const counts = judgeEffects([paid, { ...cancelled, captureAttempts: 2, mailCopies: 2 }]);
  expect(counts).toEqual({
    orders: 2,
    'captures asked for': 3,
    'copies of mails': 3,
    'orders with a second attempt or copy': 1,
  });
});

test.each<[string, Effects, RegExp]>([
  ['money that was taken twice', { ...paid, providerNetCents: 1000 }, /500 cents captured at the provider/],
  ['an order paid by our books alone', { ...paid, providerNetCents: undefined }, /captured at the provider/],
  ['a capture that our books do not know', { ...paid, ourNetCents: undefined }, /captured by our books/],
  ['a cancelled order that was not refunded', { ...cancelled, providerNetCents: 500 }, /should have 0 cents/],
  ['an order that waits for ever', { ...paid, status: 'placed' }, /still waiting/],
  ['an order without a mail on record', { ...paid, mailsOnRecord: 0 }, /one mail on record/],
  ['two Message-IDs for one order', { ...paid, mailsOnRecord: 2 }, /one mail on record/],
  ['a mail on record that did not arrive', { ...paid, mailCopies: 0 }, /no mail in the sink/],
])('objects to %s', (_, effects, objection) => {
  expect(() => judgeEffects([effects])).toThrow(objection);
});

test('objects when there is no order to look at', () => {
  expect(() => judgeEffects([])).toThrow(/nothing to look at/);
});
