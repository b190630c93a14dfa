import { expect, test } from '@playwright/test';
import { pause, unpause } from '@shop/chaos/faults/pause.ts';
import { recovered } from '@shop/chaos/topology/recovery.ts';
import { type Container, containersOf, running, storageNodes } from '@shop/chaos/topology/topology.ts';
import { container, start } from '@shop/docker/engine-api.ts';
import { execIn, linesFrom } from '@shop/docker/in-container.ts';

/** A picture that belongs to no product, for this test alone. */
const probe = 'media/configure-the-storage';

test('every storage node accepts the shop’s keys, also one that was frozen while the storage was configured', {
  tag: '@nightly',
}, async () => {
  test.setTimeout(180_000);
  const nodes = (await Promise.all(storageNodes.map((name) => running(name)))).flat();
  const [first, , late] = nodes as [Container, Container, Container];
  const [job] = (await containersOf('buckets')) as [Container];
  const mc = (command: string) => asRoot(first, command);
  const answers = () => Promise.all(storageNodes.map((name) => anonymousStatus(first, name)));

  await mc(`echo probe | mc --quiet pipe shop/${probe}`);
  expect(await answers()).toEqual(storageNodes.map(() => '200'));
  try {
    await mc('mc --quiet anonymous set none shop/media && mc --quiet rm shop/uploads/.configuration');
    expect(await answers()).toEqual(storageNodes.map(() => '403'));

    await pause(late);
    const startedAt = Date.now();
    await start(job.id);
    for await (const line of await linesFrom(job.id, startedAt)) {
      // The others know now what may be read, and the late one will never be told by itself.
      if (/media-anonymous\.json/.test(line)) await unpause(late);
    }
    expect(await exitCodeOf(job), 'exit code of the job').toBe(0);
    expect(await answers()).toEqual(storageNodes.map(() => '200'));
  } finally {
    await unpause(late);
    await recovered(nodes);
    await start(job.id);
    expect(await exitCodeOf(job), 'exit code of the job').toBe(0);
    await mc(`mc --quiet rm shop/${probe}`);
  }
});

/** Waits until a container has ended. */
const exitCodeOf = async ({ id }: Container): Promise<number> => (await container(id).wait()).StatusCode;

/** Runs a command of the client `mc` inside a node; `shop` is the cluster, as its administrator. */
async function asRoot(node: Container, command: string): Promise<string> {
  const login = `export MC_CONFIG_DIR=/dev/shm/mc MC_HOST_shop="http://$(cat $S/root-user):$(cat $S/root-password)@minio-1:9000"`;
  return await execIn(node.id, 'env', 'S=/run/secrets/minio', 'sh', '-c', `${login}; ${command}`);
}

/** What one node says to a client without a login. Asked from inside: nodes are not published. */
async function anonymousStatus(inside: Container, name: string): Promise<string> {
  const request = `printf 'GET /${probe} HTTP/1.0\\r\\nHost: ${name}\\r\\n\\r\\n' >&3`;
  const script = `exec 3<>/dev/tcp/${name}/9000; ${request}; read -r _ status _ <&3; echo "$status"`;
  return (await execIn(inside.id, 'timeout', '5', 'bash', '-c', script)).trim();
}
