import { writeFileSync } from 'node:fs';
import { judge, type Verdict } from '../checkers/judge.ts';
import { type FaultFigures, figuresOf } from '../report/figures.ts';
import { htmlReport } from '../report/html.ts';
import { commitOf, type Result } from '../report/result.ts';
import { type Run, runScenario } from './run.ts';
import type { ScenarioRow } from './scenarios.ts';
import { Nemesis } from './strike.ts';

export type Played = { run: Run; verdict: Verdict; figures: FaultFigures[] };

/** `holdMs`: how long each fault lasts, instead of what the table says. `signal` ends the run; what is struck is put back. */
export type PlayOptions = {
  seed?: number | undefined;
  holdMs?: number | undefined;
  signal?: AbortSignal | undefined;
};

/** Plays one row of the table: shoppers, strikes, and then every checker; writes report and figures beside the history. */
export async function play(row: ScenarioRow, { seed, holdMs, signal }: PlayOptions = {}): Promise<Played> {
  const { name, client } = row;
  const commit = await commitOf();
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
    seed: run.seed,
    commit,
    holdMs,
    endedAt: new Date().toISOString(),
    objections: verdict.objections,
    figures,
  };
  writeFileSync(`${run.directory}/report.html`, htmlReport(run, verdict, figures));
  writeFileSync(`${run.directory}/result.json`, JSON.stringify(result));
  return { run, verdict, figures };
}
