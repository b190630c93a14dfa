import type { Report } from '@shop/command/steps.ts';
import { Bench } from './bench.ts';
import { startServices } from './bring-up.ts';
import type { NamedLab } from './catalogue.ts';
import { judge, resultsOf, type Verdict } from './claims.ts';
import { type Figures, needsStores, type Results, runsOf } from './lab.ts';

export type PlayOptions = { quick: boolean; seed: number; report: Report; signal: AbortSignal };

/** What a lab gave: the figures of each run, and what its claims say of them. */
export type Played = NamedLab & {
  quick: boolean;
  seed: number;
  figures: Map<string, Figures>;
  results: Results;
  verdicts: Verdict[];
  tookMs: number;
};

/**
 * Plays the runs of a lab one after the other and judges its claims. The stores run already, if the lab needs them.
 *
 * @throws when a run cannot be measured, or when the signal is aborted.
 */
export async function play({ name, lab }: NamedLab, options: PlayOptions): Promise<Played> {
  const { quick, report, signal } = options;
  const startedAt = Date.now();
  if (needsStores(lab)) await startServices(lab.extras ?? [], report);
  const figures = new Map<string, Figures>();
  let title = '';
  const bench = new Bench({ ...options, report: (line) => report(`${title}: ${line}`) });
  const runs = runsOf(lab, quick);
  try {
    for (const [index, run] of runs.entries()) {
      signal.throwIfAborted();
      title = `run ${index + 1} of ${runs.length}, ${run.name}`;
      bench.report('preparing');
      figures.set(run.name, await run.measure(bench));
    }
  } finally {
    await lab.cleanUp?.();
  }
  const results = resultsOf(figures);
  const verdicts = judge(lab, results, quick);
  return { name, lab, quick, seed: options.seed, figures, results, verdicts, tookMs: Date.now() - startedAt };
}
