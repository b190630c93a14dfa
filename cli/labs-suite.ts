import { environmentOfTests } from '@shop/docker/environment-of-tests.ts';
import { labsOfTests } from '@shop/lab/catalogue.ts';
import { playLabs } from '@shop/lab/play-labs.ts';
import { labTopology } from '@shop/lab/topology.ts';
import { type Count, failIfEmpty } from './suite-count.ts';

/** The labs in their quick form, on containers of their own: each claim counts as one test, the controls included. */
export async function labsSuite(signal: AbortSignal): Promise<Count> {
  const before = { ...process.env };
  Object.assign(process.env, environmentOfTests(labTopology()));
  try {
    const seed = Date.now() % 1_000_000;
    const options = { quick: true, keep: false, reference: false, seed, signal };
    const outcomes = await playLabs(await labsOfTests(), options);
    const verdicts = outcomes.flatMap(({ name, played }) =>
      (played?.verdicts ?? []).map((verdict) => ({ name, ...verdict })),
    );
    const failures = [
      ...outcomes.flatMap(({ name, error }) =>
        error ? [{ title: `lab ${name}`, message: String(error) }] : [],
      ),
      ...verdicts.flatMap(({ name, holds, says, measured, bound }) =>
        holds ? [] : [{ title: `lab ${name}: ${says}`, message: `${measured} is not ${bound}` }],
      ),
    ];
    const passed = verdicts.filter(({ holds }) => holds).length;
    return failIfEmpty({ passed, failed: failures.length, failures }, false);
  } finally {
    process.env = before;
  }
}
