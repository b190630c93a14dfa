import { readFileSync } from 'node:fs';
import { tracingSettings } from '@shop/tracing/settings.ts';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/tracing.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `(OTEL_\w+)` \| (?:`(.+?)`|empty) \|/gm)];

test('the compose file hands every setting on to the programs', () => {
  const compose = readFileSync(new URL('../../infra/app/compose.yml', import.meta.url), 'utf8');
  const missing = Object.keys(tracingSettings).filter((name) => !compose.includes(`  ${name}: \${${name}`));
  expect(missing).toEqual([]);
});

test('docs/tracing.md names every setting with its default', () => {
  const settings = Object.entries(tracingSettings).map(([name, schema]) => [
    name,
    String((schema as { default?: unknown }).default),
  ]);
  expect(rows.map(([, name, value = '']) => [name, value])).toEqual(settings);
});
