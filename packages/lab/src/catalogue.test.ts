import { expect, test } from 'vitest';
import { labsNamed, type NamedLab } from './catalogue.ts';

const labs = ['02-horizontal', '12-index'].map((name) => ({ name }) as NamedLab);
const names = (wanted: string) => labsNamed(wanted, labs).map(({ name }) => name);

test('a lab is found by its number, its name, and both', () => {
  for (const wanted of ['02', '2', 'horizontal', '02-horizontal'])
    expect(names(wanted)).toEqual(['02-horizontal']);
  expect(names('all')).toEqual(['02-horizontal', '12-index']);
});

test('a name that is no lab is refused with the way to the list', () => {
  expect(() => names('hor')).toThrow('There is no lab "hor".');
});
