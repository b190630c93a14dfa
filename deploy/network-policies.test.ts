import { expect, test, vi } from 'vitest';
import { composeServices, leftOut } from './compose-services.ts';
import { isAllowed } from './network-policies.ts';
import { render, workloadsOf } from './render.ts';

// Helm takes a third of a second of processor time, and on a busy machine many times as long.
vi.setConfig({ testTimeout: 120_000 });

const objects = await render('production');
const laptop = await render('laptop');
const pods = Object.fromEntries(workloadsOf(laptop).map(({ name, labels }) => [name, { pod: labels }]));
const services = composeServices().filter(({ name }) => !(name in leftOut));
const outside = { address: '203.0.113.7' };

test('pods reach each other exactly where services of compose share a network', () => {
  const differences: string[] = [];
  let shared = 0;
  for (const from of services) {
    for (const to of services) {
      const expected = from.networks.some((network) => to.networks.includes(network));
      if (expected) shared += 1;
      const allowed = isAllowed(objects, { from: pods[from.name]!, to: pods[to.name]!, port: 5432 });
      if (allowed !== expected) differences.push(`${from.name} → ${to.name}: ${allowed}`);
    }
  }
  expect(differences).toEqual([]);
  // Control: the policies allow some connections and refuse others.
  expect(shared).toBeGreaterThan(services.length);
  expect(shared).toBeLessThan(services.length ** 2);
});

test('the outside reaches the edges, at the two ports that compose publishes, and nothing else', () => {
  const open = Object.entries(pods).flatMap(([name, to]) =>
    [3000, 5432, 8080, 8090, 8443, 9000]
      .filter((port) => isAllowed(objects, { from: outside, to, port }))
      .map((port) => `${name}:${port}`),
  );
  expect(open).toEqual(['edge:8080', 'edge:8443']);
});

test('no pod reaches the outside, and each the DNS', () => {
  for (const [name, from] of Object.entries(pods)) {
    expect(isAllowed(objects, { from, to: outside, port: 443 }), name).toBe(false);
    const dns = { from, to: { namespace: 'kube-system' }, port: 53 };
    expect(isAllowed(objects, { ...dns, protocol: 'UDP' }), name).toBe(true);
    expect(isAllowed(objects, dns), name).toBe(true);
    expect(isAllowed(objects, { ...dns, to: { namespace: 'other' } }), name).toBe(false);
  }
});

test('stores that stand elsewhere are reached by the pods that ask them, at their port', async () => {
  const rules = 'networkPolicies.outside[0].cidr=203.0.113.7/32,networkPolicies.outside[0].port=5432';
  const rendered = await render('production', '--set', rules);
  const reaching = (port: number) =>
    Object.keys(pods).filter((name) => isAllowed(rendered, { from: pods[name]!, to: outside, port }));
  expect(reaching(5432).sort()).toEqual(['api', 'edge', 'migrate', 'pgbouncer', 'seed', 'worker']);
  expect(reaching(443)).toEqual([]);
});

test('a collector that stands elsewhere is reached by each program that makes spans', async () => {
  const address = 'networkPolicies.outside[0].cidr=203.0.113.7/32,networkPolicies.outside[0].port=4318';
  const tracing = 'tracing.endpoint=http://collector.example:4318';
  const rendered = await render('production', '--set', `${address},${tracing}`);
  for (const name of ['api', 'payments', 'worker'])
    expect(isAllowed(rendered, { from: pods[name]!, to: outside, port: 4318 }), name).toBe(true);
});

test('spans reach the collector from the three programs that make them, at its port', async () => {
  const tracing =
    'tracing.endpoint=http://collector.observability:4318,tracing.collectorNamespace=observability';
  const rendered = await render('production', '--set', tracing);
  const reaching = (namespace: string, port: number) =>
    Object.keys(pods).filter((name) => isAllowed(rendered, { from: pods[name]!, to: { namespace }, port }));
  expect(reaching('observability', 4318).sort()).toEqual(['api', 'payments', 'worker']);
  expect(reaching('observability', 443)).toEqual([]);
  expect(reaching('other', 4318)).toEqual([]);
});

test('control: without the policies of the networks, the edge would reach the payment provider', () => {
  const open = objects.filter(
    ({ metadata }) => metadata.name !== 'nothing-by-default' && metadata.name !== 'names',
  );
  const { edge, payments } = pods;
  expect(isAllowed(open, { from: edge!, to: payments!, port: 3000 })).toBe(false);
  const without = open.filter(({ metadata }) => metadata.name !== 'app' && metadata.name !== 'data');
  expect(isAllowed(without, { from: edge!, to: payments!, port: 3000 })).toBe(true);
});
