import { execa } from 'execa';
import { expect, test } from 'vitest';

const named = /^(SHOP_|EDGE_)/;
const projects = ['chaos', 'e2e', 'web'];

test('specs that are run without a topology say how to name one, and none of them runs', async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !named.test(name)));
  const args = ['test', ...projects.map((project) => `--project=${project}`)];
  const { exitCode, all } = await execa('playwright', args, {
    cwd: import.meta.dirname,
    env: { ...env, PLAYWRIGHT_JSON: '/dev/null' },
    extendEnv: false,
    preferLocal: true,
    reject: false,
    all: true,
  });
  expect(exitCode).toBe(1);
  expect(all).toContain('No topology is named');
  expect(all).toContain('npm test -- --keep FILE');
  expect(all).not.toMatch(/^\s*[✓✘]|\d+ (passed|failed)/m);
}, 120_000);
