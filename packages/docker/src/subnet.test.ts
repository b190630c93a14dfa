import { expect, test } from 'vitest';
import { freeSubnet, parseRoutes, subnetProblem, usersOfSubnet } from './subnet.ts';

const topology = { project: 'shop', subnet: '172.30' };
const route = (name: string, destination: string) => ({ interface: name, destination });
const networks = [
  { name: 'shop_app', interface: 'br-5f1aede36d10', project: 'shop' },
  { name: 'other_default', interface: 'br-9087861df880', project: 'other' },
  { name: 'bridge', interface: 'docker0', project: undefined },
];

test("the kernel's table is read, whether or not an interface has a carrier", () => {
  const table = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
    'br-5f1aede36d10\t00021EAC\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    '',
  ].join('\n');
  expect(parseRoutes(table)).toEqual([
    route('eth0', '0.0.0.0/0'),
    route('docker0', '172.17.0.0/16'),
    route('br-5f1aede36d10', '172.30.2.0/24'),
  ]);
  expect(parseRoutes('')).toEqual([]);
});

test('a left-over bridge and the route of a VPN use the subnet', () => {
  const routes = [route('br-0123456789ab', '172.30.0.0/24'), route('tun0', '172.30.64.0/18')];
  expect(usersOfSubnet(topology, routes, networks)).toEqual([
    { interface: 'br-0123456789ab', destination: '172.30.0.0/24', network: undefined },
    { interface: 'tun0', destination: '172.30.64.0/18', network: undefined },
  ]);
});

test('a network of another project is named', () => {
  const [user] = usersOfSubnet(topology, [route('br-9087861df880', '172.30.0.0/16')], networks);
  expect(user?.network).toBe('other_default');
});

test("the topology's own networks, other subnets and wider routes do not use it", () => {
  const routes = [
    route('br-5f1aede36d10', '172.30.1.0/24'),
    route('docker0', '172.17.0.0/16'),
    route('eth0', '172.3.0.0/16'),
    route('tun0', '172.16.0.0/12'),
  ];
  expect(usersOfSubnet(topology, routes, networks)).toEqual([]);
});

test('the advice is a subnet that no route uses', () => {
  expect(freeSubnet([])).toBe('172.26');
  expect(freeSubnet([route('tun0', '172.26.3.0/24')])).toBe('172.25');
});

test('an interface in the subnet is named, with the setting that moves the shop and how to remove the interface', () => {
  const user = { interface: 'br-0123456789ab', destination: '172.30.0.0/24', network: undefined };
  const { what, hint } = subnetProblem(user, 'SHOP_SUBNET=172.26');
  expect(what).toContain('172.30.0.0/24');
  expect(what).toContain('br-0123456789ab');
  expect(hint).toContain('SHOP_SUBNET=172.26');
  expect(hint).toContain('ip link delete br-0123456789ab');
});

test("another project's network is named, and removed by the engine", () => {
  const user = { interface: 'br-0123456789ab', destination: '172.30.0.0/16', network: 'other_default' };
  const { what, hint } = subnetProblem(user);
  expect(what).toContain('other_default');
  expect(hint).toContain('docker network rm other_default');
  expect(hint).not.toContain('ip link');
});
