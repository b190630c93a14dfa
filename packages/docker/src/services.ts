import { compose, type Topology } from './topology.ts';

/** A service as compose resolves it. */
export interface Service {
  image: string;
  build?: object;
  scale?: number;
  restart?: string;
  depends_on?: Record<string, { condition: string }>;
}

/**
 * The services of a topology by name, as compose resolves its files. It is read once, because compose takes a second
 * for it.
 */
export function servicesOf(topology: Topology): Promise<Record<string, Service>> {
  const key = [topology.project, ...(topology.files ?? [])].join(' ');
  const known = knownServices.get(key) ?? readServices(topology);
  knownServices.set(key, known);
  return known;
}

const knownServices = new Map<string, Promise<Record<string, Service>>>();

async function readServices(topology: Topology): Promise<Record<string, Service>> {
  return JSON.parse(await compose(topology, ['config', '--format', 'json'])).services;
}

/**
 * The order in which services start, because two cores cannot start all of them at once: first the stores, then the
 * services that need no object storage (whose image compiles for minutes the first time), then the rest. Within a wave,
 * compose follows `depends_on`.
 */
export function wavesOf(
  services: Record<string, Service>,
): Record<'stores' | 'services' | 'everything', string[]> {
  const names = Object.keys(services);
  const needsObjectStorage = (name: string): boolean =>
    isObjectStorage(services[name]?.image) ||
    Object.keys(services[name]?.depends_on ?? {}).some(needsObjectStorage);
  const early = names.filter((name) => !needsObjectStorage(name));
  return { stores: early.filter((name) => storeNames.test(name)), services: early, everything: names };
}

/** Whether an image, whatever prefix SHOP_IMAGES gives it, is that of object storage. */
export const isObjectStorage = (image: string | undefined) => /\/minio$/.test(image ?? '');
const storeNames = /^(secrets|etcd|db|redis|sentinel|cache)/;

/** One service for each image that is built here; the other services share the image. */
export function buildersOf(services: Record<string, Service>): Map<string, string> {
  const built = Object.entries(services).filter(([, { build }]) => build);
  return new Map(built.reverse().map(([name, { image }]) => [image, name]));
}
