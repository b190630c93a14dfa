import { project } from '@shop/shop-client/topology-under-test.ts';
import { docker, running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/**
 * The engine reports a death that did not happen: a container that bears another's name in the project ends, so its
 * `die` event cannot be told from the real one's. Nothing is left to undo.
 */
export const falselyReportedDead = (service: string): Fault => ({
  name: `${service} falsely reported dead`,
  async strike() {
    const labels = [`project=${project}`, `service=${service}`, 'oneoff=False'].flatMap((label) => [
      '--label',
      `com.docker.compose.${label}`,
    ]);
    const [container] = await running(service);
    const image = await docker('inspect', '--format', '{{.Image}}', container!.id);
    await docker('run', '--rm', '--network', 'none', ...labels, '--entrypoint', '/bin/true', image);
  },
  async undo() {},
});
