/**
 * The topology that a test or a benchmark works on. `npm test` and the other commands name it through these variables
 * (`environmentOfTests` in packages/docker). There are no defaults, because a default could be another topology that
 * happens to run on this machine.
 */
const variables = ['SHOP_PROJECT', 'SHOP_ACCOUNTS', 'EDGE_1', 'EDGE_2', 'EDGE_1_TLS', 'EDGE_2_TLS'] as const;

/** Used for every name and address while no topology is named. RFC 2606 guarantees that `.invalid` never resolves. */
const unnamed = 'no-topology-named.invalid';

const { SHOP_KUBECONFIG, SHOP_CONTEXT, SHOP_NAMESPACE } = process.env;

/** Where kubectl finds the topology's namespace on a cluster; `undefined` where it runs under compose. */
export const namespaceUnderTest = SHOP_NAMESPACE
  ? { kubeconfig: SHOP_KUBECONFIG, context: SHOP_CONTEXT, namespace: SHOP_NAMESPACE }
  : undefined;
/** The folder of the chart that the shop there was installed from. */
export const chartUnderTest = process.env.SHOP_CHART;

const { SHOP_PROJECT, SHOP_ACCOUNTS, EDGE_1, EDGE_2, EDGE_1_TLS, EDGE_2_TLS } = process.env;

/** Compose's project name. */
export const project = SHOP_PROJECT ?? unnamed;

/** A JSON file with the demo accounts of the topology. */
export const accountsFile = SHOP_ACCOUNTS ?? unnamed;

/** The origins of both edges over plain HTTP. */
export const edges = [EDGE_1 ?? `http://${unnamed}`, EDGE_2 ?? `http://${unnamed}`] as const;

/** The origins of both edges over TLS. */
export const tlsEdges = [EDGE_1_TLS ?? `https://${unnamed}`, EDGE_2_TLS ?? `https://${unnamed}`] as const;

/** The variables that are not set; empty when a topology is named. */
export const missingVariables = variables.filter((name) => !process.env[name]);
