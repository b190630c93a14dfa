import type { Report, Step } from '@shop/command/steps.ts';
import { up, waitUntilShopAnswers } from './bring-up.ts';
import { buildImages, buildObjectStorage, ensureBases } from './images.ts';
import { machineSteps } from './machine-steps.ts';
import { servicesOf, wavesOf } from './services.ts';
import { isRunning, type Topology } from './topology.ts';
import { containersAreComplete, fingerprintOf, imagesAreCurrent, rememberFingerprint } from './unchanged.ts';

/**
 * The steps that start a topology, whatever state the machine is in. Each step first checks what exists already, so a
 * second run takes seconds and an interrupted one continues.
 */
export function startSteps(topology: Topology, signal?: AbortSignal): Step[] {
  let wasRunning = false;
  let fingerprint = '';
  let current = false;
  const background = new ObjectStorageBuild(topology, signal);

  const bases = async (report: Report) => {
    wasRunning = await isRunning(topology);
    fingerprint = await fingerprintOf(topology);
    current = await imagesAreCurrent(topology, fingerprint);
    return ensureBases(report, () => {
      if (!current) background.begin();
    });
  };
  const build = async (report: Report) => (current ? 'unchanged' : buildImages(topology, report, signal));
  const wave = (name: 'stores' | 'services') => async (report: Report) =>
    wasRunning ? 'already up' : up(topology, wavesOf(await servicesOf(topology))[name], report, signal);
  const everything = async (report: Report) =>
    current && wasRunning && (await containersAreComplete(topology))
      ? 'already up'
      : up(topology, [], report, signal);
  const answer = async (report: Report) => {
    const outcome = await waitUntilShopAnswers(topology, report, signal);
    await rememberFingerprint(topology, fingerprint);
    return outcome;
  };

  return [
    ...machineSteps(topology),
    { title: 'Base images', run: bases },
    { title: 'Building our images', run: build },
    { title: 'Starting the stores', run: wave('stores') },
    { title: 'Starting what needs no object storage', run: wave('services') },
    { title: 'Building object storage', run: (report) => background.finish(report) },
    { title: 'Starting everything', run: everything },
    { title: 'Waiting for both edges', run: answer },
  ];
}

/** MinIO's compiler runs for minutes beside the other steps; only the step that needs its image waits for it. */
class ObjectStorageBuild {
  #outcome: Promise<string> | undefined;
  #latest = 'compiling';
  readonly #topology: Topology;
  readonly #signal: AbortSignal | undefined;

  constructor(topology: Topology, signal: AbortSignal | undefined) {
    this.#topology = topology;
    this.#signal = signal;
  }

  begin(): void {
    const report = (line: string) => {
      this.#latest = line;
    };
    this.#outcome = buildObjectStorage(this.#topology, report, this.#signal);
    // Awaited in finish(); without this, a failure before then would end the process.
    this.#outcome.catch(() => {});
  }

  async finish(report: Report): Promise<string> {
    if (!this.#outcome) return 'unchanged';
    const pass = setInterval(() => report(this.#latest), 500);
    return this.#outcome.finally(() => clearInterval(pass));
  }
}
