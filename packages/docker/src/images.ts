import { type CommandOptions, command, succeeds } from '@shop/command/command.ts';
import { versionOfSources } from '@shop/command/sources.ts';
import type { Report } from '@shop/command/steps.ts';
import { imageNamed } from './engine-api.ts';
import { hashOfFiles } from './hash-of-files.ts';
import { buildersOf, isObjectStorage, servicesOf } from './services.ts';
import { compose, type Topology } from './topology.ts';

const debian = 'debian:trixie-slim';
const node = 'node:24-trixie-slim';
const nginx = 'nginx:1.30';

/**
 * Makes sure that the base images exist: pulls what is missing, or builds substitutes where no registry answers.
 *
 * @param onDebian called when the first base image is there, on which most images build.
 */
export async function ensureBases(report: Report, onDebian: () => void = () => {}): Promise<string> {
  const missing: string[] = [];
  for (const image of [debian, node, nginx]) if (!(await hasImage(image))) missing.push(image);
  const registryAnswers = missing.length === 0 || (await canPull(missing[0]!));
  const get = async (image: string) => {
    if (!missing.includes(image)) return;
    report(`${registryAnswers ? 'pulling' : 'making'} ${image}`);
    // The command and not the engine's API, because the command has this user's login at the registry.
    await (registryAnswers ? command('docker', ['pull', '--quiet', image]) : makeStandIn(image, report));
  };
  // The substitute for Node's image is built on Debian's; nginx's is of another suite and uses the other core
  // meanwhile.
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

/** Makes sure that one base image is here, as `ensureBases` does with those of the shop. @returns what was done. */
export async function ensureBase(image: string, report: Report): Promise<string> {
  if (await hasImage(image)) return 'is here';
  if (await canPull(image)) {
    report(`pulling ${image}`);
    await command('docker', ['pull', '--quiet', image]);
    return 'pulled';
  }
  await makeStandIn(image, report);
  return 'made from packages, no registry answers';
}

async function makeStandIn(image: string, report: Report): Promise<void> {
  const slug = image.replace(/\W/g, '-');
  await command('infra/offline/bases.sh', [image], {
    report,
    log: `base-${slug}.log`,
    hint: `make ${image} available (\`docker pull ${image}\` or \`docker load\`), or run as root on Debian, where it is made from packages; then run the command again`,
  });
}

const hasImage = async (image: string) => Boolean(await imageNamed(image));
/** Asks the registry for the manifest only: it answers within seconds or counts as absent. */
const canPull = (image: string) => succeeds('docker', ['buildx', 'imagetools', 'inspect', image], 10_000);

/**
 * Builds every image of the compose files except object storage, each once, however many services share it.
 *
 * @param version the version that our own programs report.
 */
export async function buildImages(
  topology: Topology,
  report: Report,
  signal?: AbortSignal,
  version?: string,
): Promise<string> {
  const builders = [...buildersOf(await servicesOf(topology))].filter(([image]) => !isObjectStorage(image));
  return await buildBy(
    builders.map(([, service]) => service),
    topology,
    report,
    signal,
    version,
  );
}

/** Builds the images of these services alone; the services must be built here. */
export async function buildImagesOf(
  names: string[],
  topology: Topology,
  report: Report,
  signal?: AbortSignal,
): Promise<string> {
  const services = await servicesOf(topology);
  const builders = buildersOf(services);
  const needed = new Set(names.map((name) => builders.get(services[name]!.image)!));
  return await buildBy([...needed], topology, report, signal);
}

async function buildBy(
  services: string[],
  topology: Topology,
  report: Report,
  signal?: AbortSignal,
  version?: string,
): Promise<string> {
  const environment = { SHOP_VERSION: version ?? (await versionOfSources()) };
  await build(topology, services, { log: 'build.log', report, signal, environment });
  return `${services.length} images of ${environment.SHOP_VERSION}`;
}

/**
 * Builds the image of object storage, whose compiler takes minutes on two cores: meant to run beside everything else.
 * An image of the same sources is used as it is, wherever it was built: CI loads it from its cache, without the
 * builder's own cache.
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
    const log = 'build-object-storage.log';
    await build(topology, [service], { log, report, signal, environment });
  }
  return 'built';
}

/** The label `shop.sources` of an image; empty when the image or the label does not exist. */
async function sourcesOf(image: string): Promise<string> {
  return (await imageNamed(image))?.Config.Labels?.['shop.sources'] ?? '';
}

async function build(
  topology: Topology,
  services: string[],
  { report, ...options }: Pick<CommandOptions, 'signal' | 'environment' | 'log'> & { report: Report },
) {
  // More builds at once would only wait for each other on two cores.
  const environment = { COMPOSE_PARALLEL_LIMIT: '3', BUILDKIT_PROGRESS: 'plain', ...options.environment };
  const reportStep = (line: string) => {
    const [, step] = /^#\d+ (\[.+)/.exec(line) ?? [];
    if (step) report(step.slice(0, 100));
  };
  await compose(topology, ['build', ...services], { ...options, environment, report: reportStep });
}
