import { type CommandOptions, command, succeeds } from '@shop/command/command.ts';
import { versionOfSources } from '@shop/command/sources.ts';
import type { Report } from '@shop/command/steps.ts';
import { execa } from 'execa';
import { hashOfFiles } from './hash-of-files.ts';
import { buildersOf, compose, isObjectStorage, servicesOf, type Topology } from './topology.ts';

const debian = 'debian:trixie-slim';
const node = 'node:24-trixie-slim';
const nginx = 'nginx:1.30';

/**
 * Makes sure that the base images are here: pulls what is missing, or makes stand-ins where no registry answers.
 *
 * @param onDebian called once the first base is here, on which most images build.
 */
export async function ensureBases(report: Report, onDebian: () => void = () => {}): Promise<string> {
  const missing: string[] = [];
  for (const image of [debian, node, nginx]) if (!(await hasImage(image))) missing.push(image);
  const registryAnswers = missing.length === 0 || (await canPull(missing[0]!));
  const get = async (image: string) => {
    if (!missing.includes(image)) return;
    report(`${registryAnswers ? 'pulling' : 'making'} ${image}`);
    await (registryAnswers ? command('docker', ['pull', '--quiet', image]) : makeStandIn(image, report));
  };
  // Node's stand-in is made of Debian's; nginx's is of another suite and has a core for itself meanwhile.
  await Promise.all([
    get(nginx),
    get(debian)
      .then(onDebian)
      .then(() => get(node)),
  ]);
  if (missing.length === 0) return 'all there';
  return registryAnswers
    ? `${missing.length} pulled`
    : `${missing.length} made from packages, no registry answers`;
}

async function makeStandIn(image: string, report: Report): Promise<void> {
  const slug = image.replace(/\W/g, '-');
  await command('infra/offline/bases.sh', [image], {
    report,
    log: `base-${slug}.log`,
    hint: `make ${image} available (\`docker pull ${image}\` or \`docker load\`), or run as root on Debian, where it is made from packages; then run the command again`,
  });
}

const hasImage = (image: string) => succeeds('docker', ['image', 'inspect', image]);
/** Asks the registry for the manifest only: it answers within seconds or counts as absent. */
const canPull = (image: string) => succeeds('docker', ['buildx', 'imagetools', 'inspect', image], 10_000);

/**
 * Builds every image that compose would build, but object storage; each once, however many services share it.
 *
 * @param version what our own programs are to call themselves.
 */
export async function buildImages(
  topology: Topology,
  report: Report,
  signal?: AbortSignal,
  version?: string,
): Promise<string> {
  const builders = [...buildersOf(await servicesOf(topology))].filter(([image]) => !isObjectStorage(image));
  const services = builders.map(([, service]) => service);
  const environment = { SHOP_VERSION: version ?? (await versionOfSources()) };
  await build(topology, services, 'build.log', report, { signal, environment });
  return `${services.length} images of ${environment.SHOP_VERSION}`;
}

/**
 * Builds the image of object storage, which takes a compiler minutes on two cores: meant to run beside everything else.
 * An image of the same sources is taken as it is, wherever it was built: a CI loads it from its cache, and the builder's
 * own cache does not come with it.
 */
export async function buildObjectStorage(
  topology: Topology,
  report: Report,
  signal?: AbortSignal,
): Promise<string> {
  const environment = { OBJECT_STORAGE_SOURCES: await hashOfFiles(['infra/minio/**']) };
  for (const [image, service] of buildersOf(await servicesOf(topology))) {
    if (!isObjectStorage(image)) continue;
    if ((await sourcesOf(image)) === environment.OBJECT_STORAGE_SOURCES) return 'of the same sources';
    await build(topology, [service], 'build-object-storage.log', report, { signal, environment });
  }
  return 'built';
}

/** The label `shop.sources` of an image; empty when there is none, or no such image. */
async function sourcesOf(image: string): Promise<string> {
  const format = '{{index .Config.Labels "shop.sources"}}';
  const { stdout } = await execa('docker', ['image', 'inspect', '--format', format, image], {
    reject: false,
  });
  return stdout.trim();
}

async function build(
  topology: Topology,
  services: string[],
  log: string,
  report: Report,
  options: Pick<CommandOptions, 'signal' | 'environment'>,
) {
  // More builds than this at once only wait for each other on two cores.
  const environment = { COMPOSE_PARALLEL_LIMIT: '3', BUILDKIT_PROGRESS: 'plain', ...options.environment };
  const reportStep = (line: string) => {
    const [, step] = /^#\d+ (\[.+)/.exec(line) ?? [];
    if (step) report(step.slice(0, 100));
  };
  await compose(topology, ['build', ...services], { ...options, environment, log, report: reportStep });
}
