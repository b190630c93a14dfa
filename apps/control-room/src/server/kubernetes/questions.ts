import { type Access, kubectl, listPods } from '@shop/cluster/kubectl.ts';
import type { Questions } from '../watch.ts';
import { found } from './pods.ts';
import { readRoles } from './roles.ts';
import { readScaling } from './scaling.ts';
import { usesOf } from './usage.ts';
import { zonesOf } from './zones.ts';

/** What a watch asks about a namespace: its API server, its metrics-server, and the pods themselves for their roles. */
export function questionsAbout(access: Access): Questions {
  const metrics = `/apis/metrics.k8s.io/v1beta1/namespaces/${access.namespace}/pods`;
  // Machines and zones stay as they are, and a user with the right to read pods need not have the right to read machines.
  const zones = zonesOf(access).catch(() => new Map<string, string>());
  return {
    list: async () => {
      const pods = await listPods(access).catch(sayOnly('The cluster does not answer.'));
      return found(pods, await zones);
    },
    uses: async () => {
      const words = 'metrics-server does not answer: what pods use is not known.';
      return usesOf(JSON.parse(await kubectl(access, ['get', '--raw', metrics]).catch(sayOnly(words))));
    },
    roles: readRoles,
    scaling: () => readScaling(access),
  };
}

/** kubectl's own words are a command and several lines: too many for the head of a page. */
const sayOnly = (words: string) => (cause: unknown) => {
  throw new Error(words, { cause });
};

/** kubectl is a program to start for each question, and metrics-server measures every 15 s. In milliseconds. */
export const pauses = { list: 1_000, uses: 10_000, roles: 5_000, scaling: 5_000 };
