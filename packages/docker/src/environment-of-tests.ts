import { accountsFile } from './accounts.ts';
import { edgeOrigins, environmentOf, type Topology } from './topology.ts';

/** The variables that tell a test or a measurement which topology it works on. */
export function environmentOfTests(topology: Topology): Record<string, string> {
  const [edge1 = '', edge2 = ''] = edgeOrigins(topology);
  return {
    ...environmentOf(topology),
    SHOP_PROJECT: topology.project,
    SHOP_ACCOUNTS: accountsFile(topology.project),
    EDGE_1: edge1,
    EDGE_2: edge2,
    EDGE_1_TLS: `https://localhost:${topology.ports.SHOP_HTTPS_PORT_1}`,
    EDGE_2_TLS: `https://localhost:${topology.ports.SHOP_HTTPS_PORT_2}`,
  };
}
