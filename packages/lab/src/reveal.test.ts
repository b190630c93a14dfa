import { expect, test } from 'vitest';
import type { NamedLab } from './catalogue.ts';
import { hiddenBy } from './reveal.ts';

const open = { name: '12-index', lab: {} } as NamedLab;
const hiding = { name: '17-bottleneck', lab: { hides: (seed: number) => [`fault ${seed}`] } } as NamedLab;

test('what a seed hides is told for the labs that hide something', () => {
  expect(hiddenBy([open, hiding], 7)).toBe('17-bottleneck, seed 7:\n  fault 7');
});

test('a lab that hides nothing is refused, and so is a question without a seed', () => {
  expect(() => hiddenBy([open], 7)).toThrow('12-index hides nothing.');
  expect(() => hiddenBy([hiding], undefined)).toThrow('The seed decides what is hidden.');
});
