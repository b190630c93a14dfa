import { engine, ofCompose } from './engine-api.ts';
import { servicesOf } from './services.ts';
import { compose, environmentOf, type Topology } from './topology.ts';

/** One container of a service, and the image and settings of which it was made. */
export type Replica = { id: string; name: string; image: string; configHash: string };

/** The containers of a service, running or not, oldest first. */
export async function replicasOf({ project }: Topology, service: string): Promise<Replica[]> {
  const label = ofCompose({ project, service, oneoff: 'False' });
  const containers = await engine().listContainers({ all: true, filters: { label } });
  return containers
    .map(({ Id, Names, ImageID, Labels }) => ({
      id: Id,
      name: Names[0]?.slice(1) ?? '',
      image: ImageID,
      configHash: Labels['com.docker.compose.config-hash'] ?? '',
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** The containers that `docker compose up` would recreate: their image or settings differ from those of a new one. */
export async function staleReplicasOf(topology: Topology, service: string): Promise<Replica[]> {
  const newestImage = (await servicesOf(topology))[service]?.image ?? '';
  const { Id: imageId } = await engine().getImage(newestImage).inspect();
  const newestHash = (await configHashesOf(topology)).get(service);
  const replicas = await replicasOf(topology, service);
  return replicas.filter(({ image, configHash }) => image !== imageId || configHash !== newestHash);
}

/**
 * For each service, the hash that compose puts on a container with the present settings. It is read once, because
 * compose takes a second for it.
 */
async function configHashesOf(topology: Topology): Promise<Map<string, string>> {
  const key = JSON.stringify(environmentOf(topology));
  const printed = knownHashes.get(key) ?? compose(topology, ['config', '--hash', '*']);
  knownHashes.set(key, printed);
  return new Map(linesOf(await printed).map((line) => line.split(' ') as [string, string]));
}

const knownHashes = new Map<string, Promise<string>>();

const linesOf = (text: string) => text.split('\n').filter(Boolean);
