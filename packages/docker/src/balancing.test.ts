import { readdirSync } from 'node:fs';
import { root } from '@shop/command/folders.ts';
import { expect, test } from 'vitest';
import { balancingMethodNamed } from './balancing.ts';
import { balancingMethods } from './balancing-methods.ts';

test('the edge has a file for each method, and no other', () => {
  const files = readdirSync(`${root}infra/edge/nginx/balancing`).map((name) => name.replace(/\.conf$/, ''));
  expect(files.toSorted()).toEqual(Object.keys(balancingMethods).toSorted());
});

test.each(['fastest', '', 'toString', '../upstreams', 'IP-HASH'])(
  '"%s" is no method, and the error names all',
  (name) => {
    expect(() => balancingMethodNamed(name)).toThrow(`no balancing method "${name}"`);
    expect(balancingMethodNamed('ip-hash')).toBe('ip-hash');
  },
);
