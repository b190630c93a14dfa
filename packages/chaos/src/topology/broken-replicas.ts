import { container as ofEngine, remove, run } from '@shop/docker/engine-api.ts';
import { execIn } from '@shop/docker/in-container.ts';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import { untilReplicasServe } from './ready.ts';
import { type Container, running, withoutNaming } from './topology.ts';
import { settingsOf, type VariantOfTheApi } from './variants.ts';

/** What the edges call the broken replicas; the sound ones keep the name of their service. */
const brokenName = 'api-broken';

/**
 * Runs `body` while the edges use `count` replicas of the API that lack one mechanism, and lead them back to the sound
 * ones afterwards, also after a failure. The sound ones run all the time; nothing reaches them. `withVariant` creates
 * all replicas anew and later anew again; here only the broken ones start. Compose does not know those, so a test that
 * deploys or scales the API needs `withVariant`.
 */
export async function withBrokenReplicas(
  variant: VariantOfTheApi,
  count: 1 | 2,
  body: () => Promise<void>,
): Promise<void> {
  const sound = await running('api');
  const names = Array.from({ length: count }, (_, index) => `${sound[0]!.name}-broken-${index + 1}`);
  const removeBroken = () => Promise.all(names.map(remove));
  try {
    // Of a run that was broken off.
    await removeBroken();
    for (const name of names) await startBroken(name, variant, sound[0]!);
    await lead('api', brokenName);
    await untilBothEdgesUse(count);
    await withoutNaming(sound, body);
  } finally {
    await leadBackToSoundReplicas().finally(removeBroken);
    await untilBothEdgesUse(sound.length);
  }
}

/** Leads the edges back to the sound replicas: a run that was broken off may have left them with the broken ones. */
export const leadBackToSoundReplicas = () => lead(brokenName, 'api');

/** A container like the sound one, but for its settings and the name under which the edges find it. */
async function startBroken(name: string, variant: VariantOfTheApi, sound: Container): Promise<void> {
  const { Config, HostConfig, NetworkSettings } = await ofEngine(sound.id).inspect();
  const { Hostname: _, ...config } = Config;
  const settings = settingsOf(variant);
  const kept = config.Env.filter((line) => !Object.hasOwn(settings, line.split('=')[0]!));
  const networks = Object.keys(NetworkSettings.Networks).map((network) => [
    network,
    { Aliases: [brokenName] },
  ]);
  await run({
    ...config,
    name,
    Env: [...kept, ...Object.entries(settings).map((setting) => setting.join('='))],
    HostConfig,
    NetworkingConfig: { EndpointsConfig: Object.fromEntries(networks) },
  });
}

/** Both edges send the calls of the API to another name, where they do not yet. nginx is reloaded, and looks it up. */
async function lead(from: string, to: string): Promise<void> {
  const file = '/run/nginx/upstreams.conf';
  const edit = `if grep -q 'server ${from}:' ${file}; then sed -i 's/server ${from}:/server ${to}:/' ${file} && nginx -s reload; fi`;
  const inEdge = async (service: string) => {
    const [edge] = await running(service);
    await execIn(edge!.id, 'sh', '-c', edit);
  };
  await Promise.all(['edge-1', 'edge-2'].map(inEdge));
}

const untilBothEdgesUse = (count: number) =>
  Promise.all(edges.map((edge) => untilReplicasServe(edge, count)));
