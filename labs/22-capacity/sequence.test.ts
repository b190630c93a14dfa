import { parseMix } from '@shop/capacity/mixes.ts';
import { expect, it } from 'vitest';
import { sequenceOf } from './sequence.ts';

it('has each call as often as its share says', () => {
  const calls = sequenceOf(parseMix('list:7;search:1;whoami:2'), 20);
  const count = (call: string) => calls.filter((one) => one === call).length;
  expect([count('list'), count('search'), count('whoami')]).toEqual([14, 2, 4]);
});

it('mixes the calls', () => {
  expect(sequenceOf({ a: 0.5, b: 0.5 }, 4)).toEqual(['a', 'b', 'a', 'b']);
});
