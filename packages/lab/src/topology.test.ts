import { expect, test } from 'vitest';
import { labEnvironment, labTopology } from './topology.ts';

test('no port of a lab is one that Linux gives to clients (net.ipv4.ip_local_port_range)', () => {
  const { LAB_PORT, LAB_LAYER_4_PORT, LAB_LAYER_7_PORT } = labEnvironment();
  const ports = [...Object.values(labTopology().ports), LAB_PORT, LAB_LAYER_4_PORT, LAB_LAYER_7_PORT];
  for (const port of ports) expect(Number(port)).toBeLessThan(32_768);
});
