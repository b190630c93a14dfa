/** The rules of infra/prometheus/rules: what promtool says of them, and whether the shop has the metrics that they read. */
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { running } from '@shop/chaos/topology/topology.ts';
import { container, remove, run } from '@shop/docker/engine-api.ts';
import { execIn, lastLines } from '@shop/docker/in-container.ts';

const folder = fileURLToPath(new URL('../../infra/prometheus', import.meta.url));

test('each alert fires in its test, and is silent where nothing is wrong', async () => {
  const [prometheus] = await running('prometheus');
  const { Image } = await container(prometheus!.id).inspect();
  const files = (await readdir(`${folder}/rule-tests`)).map((name) => `/alerts/rule-tests/${name}`);
  const name = `promtool-${randomUUID().slice(0, 8)}`;
  try {
    await run({
      name,
      Image,
      Cmd: ['promtool', 'test', 'rules', ...files],
      HostConfig: {
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        Tmpfs: { '/tmp': '' },
        Binds: [`${folder}:/alerts:ro`],
      },
    });
    const { StatusCode } = await container(name).wait();
    const said = await lastLines(name, 200);
    expect(StatusCode, said).toBe(0);
    expect(said.match(/SUCCESS/g)).toHaveLength(files.length);
  } finally {
    await remove(name);
  }
});

test('the shop has every metric that a rule reads', async () => {
  const names = await readdir(`${folder}/rules`);
  const texts = await Promise.all(names.map((name) => readFile(`${folder}/rules/${name}`, 'utf8')));
  const metric = /\b(?:shop|nginx|pgbouncer|patroni|pg|redis|minio)_\w+/g;
  const read = new Set(texts.flatMap((text) => text.match(metric) ?? []));
  expect(read.size).toBeGreaterThan(8);
  const [replica] = await running('api');
  // What targets say of their metrics: some have no series while there is nothing to count.
  const script = `fetch('http://prometheus:9090/prometheus/api/v1/metadata')
    .then((answer) => answer.json()).then(({ data }) => console.log(Object.keys(data).join(' ')))`;
  const isKnown = async () => {
    const known = (await execIn(replica!.id, 'node', '--eval', script)).split(' ');
    return [...read].filter((name) => !known.includes(name.replace(/_(bucket|count)$/, '')));
  };
  // Prometheus scrapes each target within half a minute.
  await expect.poll(isKnown, { timeout: 50_000 }).toEqual([]);
});
