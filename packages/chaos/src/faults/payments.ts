import type { Behaviour } from '@shop/contracts/payment-provider.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { running } from '../topology/topology.ts';

/** Runs in the provider's container, because its port is not published. The first argument is the body. */
const putBehaviour = `
  const headers = { 'content-type': 'application/json' };
  const call = { method: 'PUT', headers, body: process.argv[1] };
  const response = await fetch('http://127.0.0.1:3000/behaviour', call);
  if (!response.ok) throw new Error(await response.text());
`;

/** Tells the sandbox provider how to behave from now on; `normal` is the undo. @throws when the provider refuses. */
export async function payments({
  mode,
  delayMs = 0,
}: Pick<Behaviour, 'mode'> & { delayMs?: number }): Promise<void> {
  const [container] = await running('payments');
  const behaviour: Behaviour = { mode, delayMs };
  const program = ['node', '--input-type=module', '--eval', putBehaviour];
  await execIn(container!.id, ...program, JSON.stringify(behaviour));
}
