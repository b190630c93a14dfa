import { expect, test } from 'vitest';
import { parseMutant } from './mutant-files.ts';
import { latestOf, page } from './mutant-results.ts';

const mutant = (name: string) =>
  parseMutant(
    `tests/mutants/${name}.patch`,
    `Broken.\nObjects: tests/e2e/edge.spec.ts\n\ndiff --git a/x b/x\n+++ b/x\n`,
  );
const provenance = {
  command: 'npm run mutants',
  commit: 'a405463',
  dirty: false,
  machine: { cores: 2, processor: 'AMD EPYC', memoryGiB: 24 },
  node: '24.11.1',
  date: '2026-11-28',
};

test('the page has the latest result of each mutant, and names those that were not run', () => {
  const text = page(
    [mutant('one'), mutant('two'), mutant('three')],
    [
      { name: 'one', outcome: 'survived', seconds: 9, provenance },
      { name: 'two', outcome: 'survived', seconds: 7, provenance },
      { name: 'one', outcome: 'objected', seconds: 8, provenance: { ...provenance, commit: 'b405463' } },
      { name: 'removed', outcome: 'survived', seconds: 8, provenance },
    ],
  );
  expect(text).toContain('3 mutants: 1 objected to, 1 survived, 1 not run.');
  expect(text).toMatch(/one .* objected .* 8 .* b405463/);
  expect(text).toMatch(/two .* survived .* 7 .* a405463/);
  expect(text).toContain('on 2 cores (AMD EPYC), 24 GiB');
  expect(text).toContain('## Not run yet\n\n- three: `tests/e2e/edge.spec.ts`\n');
  expect(text).not.toContain('removed');
});

test('a result that is kept gives way to a later run of the same mutant, and to nothing else', () => {
  const kept = { outcome: 'not run' as const, seconds: 0, provenance };
  const later = { outcome: 'objected' as const, seconds: 8, provenance };
  expect(
    latestOf(
      [mutant('one'), mutant('two'), mutant('three')],
      [
        { name: 'two', ...kept },
        { name: 'one', ...kept },
        { name: 'removed', ...kept },
        { name: 'two', ...later },
      ],
    ),
  ).toEqual([
    { name: 'one', ...kept },
    { name: 'two', ...later },
  ]);
});
