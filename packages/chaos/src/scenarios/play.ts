import { writeFileSync } from 'node:fs';
import { commitName, provenanceOf } from '@shop/report/provenance.ts';
import { judge, type Verdict } from '../checkers/judge.ts';
import { type FaultFigures, figuresOf } from '../report/figures.ts';
import { htmlReport } from '../report/html.ts';
import { commandOf, type Result } from '../report/result.ts';
import { type Run, runScenario, seedOfThisProcess } from './run.ts';
import type { ScenarioRow } from './scenarios.ts';
import { Nemesis } from './strike.ts';

export type Played = { run: Run; verdict: Verdict; figures: FaultFigures[] };

/** `holdMs`: how long each fault lasts, instead of the table's value. `signal` ends the run; the faults are undone. */
export type PlayOptions = {
  seed?: number | undefined;
  holdMs?: number | undefined;
  signal?: AbortSignal | undefined;
};

/**
 * Plays one row of the table: shoppers, strikes, and then every checker. Writes report and figures beside the history.
 */
export async function play(row: ScenarioRow, options: PlayOptions = {}): Promise<Played> {
  const { name, client } = row;
  const { seed = seedOfThisProcess, holdMs, signal } = options;
  // Read before the run: a developer may commit while it runs.
  const provenance = await provenanceOf(commandOf({ scenario: name, seed, holdMs }));
  const strikes = row.strikes.map((strike) => ({ ...strike, holdMs: holdMs ?? strike.holdMs }));
  const nemesis = new Nemesis(strikes, signal);
  const run = await runScenario({
    name,
    seed,
    client,
    signal,
    fault: (history, shoppers) => nemesis.strike(history, shoppers),
    undo: () => nemesis.undo(),
  });
  const verdict = await judge(run, row);
  const figures = run.history.faults.map((fault) => figuresOf(run.history, fault, verdict));
  const result: Result = {
    scenario: name,
    client,
    seed,
    commit: commitName(provenance),
    holdMs,
    endedAt: new Date().toISOString(),
    objections: verdict.objections,
    figures,
  };
  writeFileSync(`${run.directory}/report.html`, htmlReport(run, verdict, figures, provenance));
  writeFileSync(`${run.directory}/result.json`, JSON.stringify(result));
  return { run, verdict, figures };
}
