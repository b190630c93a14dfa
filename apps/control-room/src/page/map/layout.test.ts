import { describe, expect, test } from 'vitest';
import type { Seen } from '../../shared/snapshot.ts';
import { type Box, layOut } from './layout.ts';
import { connections, tiers } from './tiers.ts';

const services = [
  ...['edge-1', 'edge-2', 'api', 'api', 'api', 'pgbouncer', 'pgbouncer', 'haproxy-1', 'haproxy-2'],
  ...[
    'db-1',
    'db-2',
    'db-3',
    'etcd-1',
    'etcd-2',
    'etcd-3',
    'fencer',
    'redis-1',
    'redis-2',
    'redis-3',
    'cache',
  ],
  ...['sentinel-1', 'sentinel-2', 'sentinel-3', 'worker', 'worker', 'payments', 'mail'],
  ...['minio-1', 'minio-2', 'minio-3', 'minio-4', 'prometheus', 'exporter-nginx', 'migrate', 'something-new'],
];
const containers = services.map((service, index): Seen => {
  return { id: String(index), name: `${service}-${index}`, service, state: 'running', status: 'Up 1 minute' };
});

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const pairs = <T>(all: T[]) => all.flatMap((a, index) => all.slice(index + 1).map((b) => [a, b] as const));

describe.each([1_400, 1_232, 1_100, 900, 600, 358, 200])('on a page %i px wide', (width) => {
  const layout = layOut(containers, width);

  test('every container has one place, that of a service without a tier too', () => {
    const placed = layout.tiers.flatMap((tier) => tier.containers.map(({ container }) => container.id));
    expect(placed.toSorted()).toEqual(containers.map(({ id }) => id).toSorted());
  });

  test('nothing overlaps, and nothing is outside', () => {
    for (const [a, b] of pairs(layout.tiers)) expect(overlap(a, b), `${a.tier.id} ${b.tier.id}`).toBe(false);
    for (const tier of layout.tiers) {
      expect(tier.x).toBeGreaterThanOrEqual(0);
      expect(tier.x + tier.width).toBeLessThanOrEqual(width + 0.01);
      expect(tier.y + tier.height).toBeLessThanOrEqual(layout.height);
      for (const [a, b] of pairs(tier.containers)) expect(overlap(a, b)).toBe(false);
      for (const box of tier.containers) {
        expect(box.x + box.width).toBeLessThan(tier.width);
        expect(box.y + box.height).toBeLessThan(tier.height);
      }
    }
  });
});

test('where there is room, the way of a request goes from left to right', () => {
  const { tiers: placed, stacked } = layOut(containers, 1_232);
  expect(stacked).toBe(false);
  const lefts = ['edge', 'api', 'pgbouncer', 'haproxy', 'db'].map(
    (id) => placed.find(({ tier }) => tier.id === id)!,
  );
  expect(new Set(lefts.map(({ y }) => y))).toEqual(new Set([0]));
  for (const [index, tier] of lefts.slice(1).entries()) expect(tier.x).toBeGreaterThan(lefts[index]!.x);
});

test('on a phone, tiers stand one under the other, two containers beside each other', () => {
  const { tiers: placed, stacked } = layOut(containers, 358);
  expect(stacked).toBe(true);
  expect(new Set(placed.map(({ x }) => x))).toEqual(new Set([0]));
  const [edges] = placed;
  expect(edges!.containers.map(({ y }) => y)).toEqual([36, 36]);
});

test('a topology without containers has no height', () => {
  expect(layOut([], 1_232)).toMatchObject({ tiers: [], height: 0 });
});

test('every connection joins two tiers', () => {
  const ids = new Set(tiers.map(({ id }) => id));
  expect(connections.flatMap(({ from, to }) => [from, to]).filter((id) => !ids.has(id))).toEqual([]);
});
