import { command } from '@shop/command/command.ts';
import { compose, servicesOf, type Topology } from './topology.ts';

/** One container of a service, and what it was made of. */
export type Replica = { id: string; name: string; image: string; configHash: string };

/** The containers of a service, running or not, oldest first. */
export async function replicasOf({ project }: Topology, service: string): Promise<Replica[]> {
  const labels = [`project=${project}`, `service=${service}`, 'oneoff=False'];
  const filters = labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`]);
  const ids = linesOf(await command('docker', ['ps', '--all', '--quiet', '--no-trunc', ...filters]));
  if (ids.length === 0) return [];
  const format = '{{.Id}} {{.Name}} {{.Image}} {{index .Config.Labels "com.docker.compose.config-hash"}}';
  return linesOf(await command('docker', ['inspect', '--format', format, ...ids]))
    .map((line) => {
      const [id = '', name = '', image = '', configHash = ''] = line.split(' ');
      return { id, name: name.slice(1), image, configHash };
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** Those that `docker compose up` would recreate: made of another image or other settings than a new one would be. */
export async function staleReplicasOf(topology: Topology, service: string): Promise<Replica[]> {
  const newestImage = (await servicesOf(topology))[service]?.image ?? '';
  const imageId = (await command('docker', ['image', 'inspect', '--format', '{{.Id}}', newestImage])).trim();
  const newestHash = (await configHashesOf(topology)).get(service);
  const replicas = await replicasOf(topology, service);
  return replicas.filter(({ image, configHash }) => image !== imageId || configHash !== newestHash);
}

/** By service, what compose writes on a container made of the settings of now; read once, as it takes compose a second. */
async function configHashesOf(topology: Topology): Promise<Map<string, string>> {
  const printed = knownHashes.get(topology.project) ?? compose(topology, ['config', '--hash', '*']);
  knownHashes.set(topology.project, printed);
  return new Map(linesOf(await printed).map((line) => line.split(' ') as [string, string]));
}

const knownHashes = new Map<string, Promise<string>>();

const linesOf = (text: string) => text.split('\n').filter(Boolean);
