import { container, engine, remove } from '@shop/docker/engine-api.ts';
import { project } from '@shop/shop-client/topology-under-test.ts';
import { running } from '../topology/topology.ts';
import type { Fault } from './fault.ts';

/**
 * The engine reports a death that did not happen: a container with the labels of another service of the project ends,
 * so its `die` event looks like that of the real one. There is nothing to undo.
 */
export const falselyReportedDead = (service: string): Fault => ({
  name: `${service} falsely reported dead`,
  async strike() {
    const [victim] = await running(service);
    const { Image } = await container(victim!.id).inspect();
    const liar = await engine().createContainer({
      Image,
      Entrypoint: ['/bin/true'],
      Cmd: [],
      Labels: {
        'com.docker.compose.project': project,
        'com.docker.compose.service': service,
        'com.docker.compose.oneoff': 'False',
      },
      HostConfig: { NetworkMode: 'none' },
    });
    try {
      await liar.start();
      await liar.wait();
    } finally {
      await remove(liar.id);
    }
  },
  async undo() {},
});
