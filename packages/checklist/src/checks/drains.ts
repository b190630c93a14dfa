import { type Check, type Facts, fail, notCheckable, numberIn, pass, serviceOf } from '../facts.ts';

/** What a container may need from SIGTERM to its end, in milliseconds, from the sources that configure it. */
const needs = [
  {
    service: /^api$/,
    parts: [
      { path: 'apps/api/src/config.ts', pattern: /DRAIN_MS: .*default: ([\d_]+)/ },
      { path: 'apps/api/src/config.ts', pattern: /REQUEST_DEADLINE_MS: .*default: ([\d_]+)/ },
    ],
  },
  {
    service: /^worker$/,
    parts: [{ path: 'apps/worker/src/main.ts', pattern: /delay: ([\d_]+)/ }],
  },
  {
    service: /^edge-\d+$/,
    parts: [{ path: 'infra/edge/nginx/nginx.conf', pattern: /worker_shutdown_timeout (\d+)s/, factor: 1000 }],
  },
];

/** The engine's default (https://docs.docker.com/reference/cli/docker/container/stop/). */
const usualSeconds = 10;

export const drains: Check = {
  title: 'a container that is told to stop has the time to finish what it has begun',
  where: 'stop_grace_period in infra/app/compose.yml and infra/edge/compose.yml',
  run: (facts) => {
    const found = facts.containers.flatMap((container) => {
      const need = needs.find(({ service }) => service.test(serviceOf(container)));
      if (!need) return [];
      const graceMs = (container.Config.StopTimeout ?? usualSeconds) * 1000;
      return [{ service: serviceOf(container), graceMs, needMs: sum(facts, need.parts) }];
    });
    if (found.length === 0) return notCheckable('neither edge, api nor worker runs');
    const unknown = found.filter(({ needMs }) => needMs === undefined);
    if (unknown.length > 0)
      return notCheckable(`the sources no longer say what ${unknown[0]!.service} needs`);
    const tooShort = found.filter(({ graceMs, needMs }) => graceMs <= needMs!);
    const tell = ({ service, graceMs, needMs }: (typeof found)[number]) =>
      `${service} has ${graceMs / 1000} s and needs ${needMs! / 1000} s`;
    if (tooShort.length > 0) return fail(`killed before its end: ${each(tooShort.map(tell))}`);
    return pass(each(found.map(tell)));
  },
};

const each = (words: string[]) => [...new Set(words)].join(', ');

function sum(facts: Facts, parts: Parameters<typeof numberIn>[1][]): number | undefined {
  const numbers = parts.map((part) => numberIn(facts, part));
  return numbers.reduce(
    (total, number) => (total === undefined || number === undefined ? undefined : total + number),
    0,
  );
}
