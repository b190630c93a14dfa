import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chart } from './render.ts';
import { withValuesTable } from './values-table.ts';

const readme = readFileSync(`${chart}/README.md`, 'utf8');

test('the table of values is fresh: `npm run chart` writes it', () => {
  expect(withValuesTable(readme)).toBe(readme);
  expect(readme).toContain('| `api.drainMs` | `8000` |');
});

test('control: another default would be another table', () => {
  const stale = readme.replace('| `api.drainMs` | `8000` |', '| `api.drainMs` | `9000` |');
  expect(stale).not.toBe(readme);
  expect(withValuesTable(stale)).not.toBe(stale);
});
