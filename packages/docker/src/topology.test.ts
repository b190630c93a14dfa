import { expect, test } from 'vitest';
import { buildersOf, wavesOf } from './services.ts';
import { edgeOrigins, environmentOf, shopTopology } from './topology.ts';

const needs = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { condition: 'service_started' }]));
const services = {
  'edge-1': { image: 'shop/edge', build: {}, depends_on: needs('api') },
  api: { image: 'shop/app', build: {}, depends_on: needs('buckets', 'migrate') },
  migrate: { image: 'shop/app', build: {}, depends_on: needs('db-1') },
  buckets: { image: 'shop/minio', build: {}, depends_on: needs('minio-1') },
  'minio-1': { image: 'shop/minio', build: {} },
  'db-1': { image: 'shop/db', build: {} },
  'redis-1': { image: 'shop/redis', build: {} },
};

test('stores start first, and nothing that needs object storage before the last wave', () => {
  const waves = wavesOf(services);
  expect(waves.stores).toEqual(['db-1', 'redis-1']);
  expect(waves.services).toEqual(['migrate', 'db-1', 'redis-1']);
  expect(waves.everything).toEqual(Object.keys(services));
});

test('each image is built once, however many services share it', () => {
  const builders = buildersOf(services);
  expect([...builders.keys()].sort()).toEqual([
    'shop/app',
    'shop/db',
    'shop/edge',
    'shop/minio',
    'shop/redis',
  ]);
  expect(builders.get('shop/app')).toBe('api');
});

test('variables move a topology to another project, subnet and ports', () => {
  const topology = shopTopology({
    COMPOSE_PROJECT_NAME: 'other',
    SHOP_SUBNET: '172.29',
    SHOP_HTTP_PORT_1: '9080',
  });
  expect(edgeOrigins(topology)).toEqual(['http://localhost:9080', 'http://localhost:8081']);
  expect(environmentOf(topology)).toMatchObject({
    COMPOSE_PROJECT_NAME: 'other',
    SHOP_SUBNET: '172.29',
    SHOP_HTTP_PORT_1: '9080',
    SHOP_HTTPS_PORT_2: '8444',
  });
});
