import { execa } from 'execa';
import { running } from '../topology/topology.ts';

/** Tells the sandbox provider how to behave from now on; `normal` is the undo. */
export async function payments({ mode, delayMs = 0 }: { mode: string; delayMs?: number }): Promise<void> {
  const [container] = await running('payments');
  await execa('docker', [
    'exec',
    container!.id,
    'node',
    'apps/payments/src/behave.ts',
    '--mode',
    mode,
    '--delay-ms',
    String(delayMs),
  ]);
}
