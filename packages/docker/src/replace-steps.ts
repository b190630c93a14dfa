import type { Report, Step } from '@shop/command/steps.ts';
import { waitUntilShopAnswers } from './bring-up.ts';
import { buildImagesOf } from './images.ts';
import { compose, type Topology } from './topology.ts';

/** A database takes a minute or two on two busy cores. */
const healthyTimeoutSeconds = 300;

/**
 * The steps that build these services again and replace their containers in a topology that runs; all others stay as
 * they are, whatever has changed in their sources.
 */
export function replaceSteps(topology: Topology, services: string[], signal?: AbortSignal): Step[] {
  const replace = async () => {
    const wait = ['--wait', '--wait-timeout', String(healthyTimeoutSeconds)];
    await compose(topology, ['up', '--detach', '--no-build', '--no-deps', ...wait, ...services], {
      signal,
      log: `${topology.project}-up.log`,
    });
    return services.join(', ');
  };
  const build = (report: Report) => buildImagesOf(services, topology, report, signal);
  const answer = (report: Report) => waitUntilShopAnswers(topology, report, signal);
  return [
    ...(services.length > 0
      ? [
          { title: 'Building their images', run: build },
          { title: 'Replacing containers', run: replace },
        ]
      : []),
    { title: 'Waiting for both edges', run: answer },
  ];
}
