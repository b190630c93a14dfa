import { readFileSync } from 'node:fs';
import { root } from '@shop/command/folders.ts';
import { expect, test, vi } from 'vitest';
import { render, workloadsOf } from './render.ts';

// Helm takes a third of a second of processor time, and on a busy machine many times as long.
vi.setConfig({ testTimeout: 120_000 });

/**
 * Images whose user has another id than the chart sets, and the line of the Dockerfile that makes their files readable.
 * Debian's package makes HAProxy's configuration readable for all users.
 */
const openToAnyUser: Record<string, RegExp> = { redis: /chmod 0755 \/etc\/redis/, haproxy: /FROM debian/ };
/** User ids of the base images. */
const ofBase: Record<string, number> = { mail: 1000 };

test('every pod runs under the number of its image, or the image opens its configuration to any user', async () => {
  const images = workloadsOf(await render('laptop')).map(({ pod }) => {
    const image = pod.containers[0]!.image.replace(/^.*\/|:.*$/g, '');
    return [image, pod.securityContext?.runAsUser] as const;
  });
  const unfit = images.filter(([image, user]) => {
    const dockerfile = readFileSync(`${root}infra/${image}/Dockerfile`, 'utf8');
    const itsOwn = new RegExp(`--uid ${user} |USER ${user}\\b`).test(dockerfile) || ofBase[image] === user;
    return !itsOwn && !openToAnyUser[image]?.test(dockerfile);
  });
  expect(images.length).toBeGreaterThan(10);
  expect(unfit).toEqual([]);
});
