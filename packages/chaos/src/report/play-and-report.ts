import { type PlayOptions, play } from '../scenarios/play.ts';
import type { ScenarioRow } from '../scenarios/scenarios.ts';
import { faultTable, timelineText } from './text.ts';

/** Plays a scenario, and prints its result for a person. @returns whether every promise was kept. */
export async function playAndReport(row: ScenarioRow, options: PlayOptions): Promise<boolean> {
  console.log(`\n── ${row.name}: ${row.claim} ──`);
  console.log(
    row.client === 'retrying'
      ? 'Each shopper knows both edges and repeats an operation under the same key for up to 30 s.'
      : 'Each shopper makes one attempt on one edge.',
  );
  const { run, verdict, figures } = await play(row, options);
  console.log(`\n${timelineText(run.history)}\n\n${faultTable(figures)}\n`);
  const kept = verdict.objections.length === 0;
  console.log(kept ? `✔ ${row.claim}` : `✘ ${verdict.objections.length} objections, above.`);
  console.log(`Plots: ${run.directory}/report.html; every operation: ${run.directory}/history.ndjson`);
  return kept;
}
