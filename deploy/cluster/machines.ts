import { readFile } from 'node:fs/promises';
import { kubectl } from '@shop/cluster/kubectl.ts';
import { clusterTopology, kubeconfig, nodes, writeKubeconfig } from '@shop/cluster/own-cluster.ts';
import { root } from '@shop/command/folders.ts';
import type { Report, Step } from '@shop/command/steps.ts';
import { up } from '@shop/docker/bring-up.ts';
import { ensureEngine } from '@shop/docker/engine.ts';
import { buildImages, buildObjectStorage, ensureBase, ensureBases } from '@shop/docker/images.ts';
import { compose, shopTopology } from '@shop/docker/topology.ts';
import pWaitFor from 'p-wait-for';
import { pushImage } from './push-images.ts';
import { volumes } from './volumes.ts';

const system = { kubeconfig, namespace: 'kube-system' };
/** The images of the chart, by the last part of their paths. */
const shopImages = ['edge', 'app', 'pgbouncer', 'haproxy', 'db', 'etcd', 'redis', 'minio', 'mail'];
/** Prefix of the shop's images as compose builds them. */
const prefix = process.env.SHOP_IMAGES ?? 'shop';
const patienceMs = 300_000;

/** The address of the registry inside the cluster. */
export const registryInside = 'registry:5000';

/** The steps that start the cluster in containers, its add-ons and the shop's images. They fill `digests`, by image. */
export function machineSteps(digests: Record<string, string>): Step[] {
  const topology = clusterTopology();
  const registry = `127.0.0.1:${topology.ports.SHOP_KUBERNETES_REGISTRY_PORT}`;
  let addons = '';

  const build = async (report: Report) => {
    const base = await ensureBase('debian:forky-slim', report);
    await compose(topology, ['build', 'node-1', 'registry', 'addons', 'pause'], {
      report,
      log: 'build-kubernetes.log',
    });
    return `Debian's base ${base}`;
  };
  const ready = async (report: Report) => {
    await writeKubeconfig();
    const isReady = async () => {
      const found = await kubectl(system, ['get', 'nodes', '--no-headers']);
      const count = found.split('\n').filter((line) => /\sReady\s/.test(line)).length;
      report(`${count} of ${nodes.length} are Ready`);
      return count === nodes.length;
    };
    const message = 'Not every machine became Ready: `docker logs shop-kubernetes-node-1-1` says why.';
    await pWaitFor(() => isReady().catch(() => false), {
      interval: 500,
      timeout: { milliseconds: patienceMs, message },
    });
    return `${nodes.length} workers in three zones`;
  };
  const push = async (report: Report) => {
    await pushImage('shop-kubernetes/pause:latest', registry, report);
    const addonsDigest = await pushImage('shop-kubernetes/addons:latest', registry, report);
    addons = `${registryInside}/shop-kubernetes/addons@${addonsDigest}`;
    for (const image of shopImages)
      digests[image] = await pushImage(`${prefix}/${image}:latest`, registry, report);
    return `${shopImages.length} of the shop`;
  };
  const addOns = async (report: Report) => {
    const manifest = await readFile(`${root}infra/kubernetes/addons.yaml`, 'utf8');
    await kubectl(system, ['apply', '--filename', '-'], { input: manifest.replaceAll('@IMAGE@', addons) });
    await kubectl(system, ['apply', '--filename', '-'], { input: JSON.stringify(volumes()) });
    for (const name of ['coredns', 'metrics-server'])
      await kubectl(system, ['rollout', 'status', `deployment/${name}`, `--timeout=${patienceMs}ms`], {
        report,
      });
    return 'names, figures for the autoscaler, volumes';
  };

  return [
    { title: 'Container engine', run: ensureEngine },
    { title: 'Base images', run: ensureBases },
    { title: 'Images of the shop', run: (report) => buildImages(shopTopology(), report) },
    { title: 'Image of the object storage', run: (report) => buildObjectStorage(shopTopology(), report) },
    { title: 'Images of the cluster', run: build },
    { title: 'Starting the machines', run: (report) => up(topology, [], report) },
    { title: 'Waiting for the machines', run: ready },
    { title: 'Images into the registry of the cluster', run: push },
    { title: 'Add-ons', run: addOns },
  ];
}
