import pWaitFor from 'p-wait-for';
import { patienceMs } from './patience.ts';
import { primaryNode, runOn } from './topology.ts';

/** Makes a database node the primary by a planned switchover, unless it is; it must be streaming. */
export async function switchOver(node: string): Promise<void> {
  if ((await primaryNode()) === node) return;
  await runOn(node, 'patronictl', 'switchover', 'shop', '--candidate', node, '--force');
  const isPrimary = async () => (await primaryNode()) === node;
  await pWaitFor(() => isPrimary().catch(() => false), {
    interval: 300,
    timeout: { milliseconds: patienceMs, message: `${node} does not become the primary` },
  });
}
