import { runSteps } from '@shop/command/steps.ts';
import { oneAtATime } from '@shop/docker/one-at-a-time.ts';
import { imageSteps, removeLab, startStores } from './bring-up.ts';
import type { NamedLab } from './catalogue.ts';
import { needsStores, runsOf } from './lab.ts';
import { type Played, play } from './play.ts';
import { writeReference } from './reference.ts';
import { introductionOf, reportOf } from './report.ts';
import { labTopology } from './topology.ts';

export type LabsOptions = {
  quick: boolean;
  /** Leaves the containers running. */
  keep: boolean;
  seed: number;
  /** Writes each result into the lab's README and the map of lessons. */
  reference: boolean;
  signal: AbortSignal;
};

/** What became of a lab: its figures and verdicts, or why it could not be measured. */
export type Outcome = { name: string; played?: Played; error?: unknown };

/**
 * Plays labs one after the other on containers of their own and prints what they find. A lab that cannot be measured does
 * not keep the next from being played. The containers are removed at the end, whatever happens.
 *
 * @throws when the containers cannot be started, or when the signal is aborted.
 */
export async function playLabs(labs: NamedLab[], options: LabsOptions): Promise<Outcome[]> {
  const { signal } = options;
  return await oneAtATime(labTopology(), async () => {
    const outcomes: Outcome[] = [];
    // Outside of `try`: before the stores there is nothing to remove, and without an engine that would fail as well.
    await runSteps(imageSteps(signal));
    try {
      const anyNeedsStores = labs.some(({ lab }) => needsStores(lab));
      if (anyNeedsStores) await runSteps([{ title: 'Starting the stores', run: startStores }]);
      for (const named of labs) {
        const outcome = await playOne(named, options).catch((error) => ({ name: named.name, error }));
        signal.throwIfAborted();
        outcomes.push(outcome);
      }
    } finally {
      if (!options.keep) await runSteps([{ title: 'Removing the containers of the labs', run: removeLab }]);
    }
    return outcomes;
  });
}

async function playOne(named: NamedLab, { quick, seed, reference, signal }: LabsOptions): Promise<Outcome> {
  console.log(introductionOf(named, quick));
  let played: Played | undefined;
  const run = async (report: (line: string) => void) => {
    played = await play(named, { quick, seed, report, signal });
    return `${runsOf(named.lab, quick).length} runs`;
  };
  await runSteps([{ title: named.lab.title, run }]);
  if (!played) throw new Error(`lab ${named.name} gave nothing`);
  console.log(await reportOf(played));
  if (reference) await writeReference(played);
  return { name: named.name, played };
}
