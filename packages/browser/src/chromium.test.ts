import { root } from '@shop/command/folders.ts';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const chromium = (action: string, CHROMIUM: string) =>
  execa('infra/offline/chromium.sh', [action], { cwd: root, env: { CHROMIUM }, reject: false });

test('a browser that is there is left as it is', async () => {
  // Any program will do: only Debian's own is ever installed.
  expect(await chromium('plan', process.execPath)).toMatchObject({ exitCode: 0, stdout: '' });
  expect(await chromium('install', process.execPath)).toMatchObject({ exitCode: 0, stdout: '' });
});

test('a browser that was named and is not there is not replaced by another', async () => {
  expect(await chromium('plan', '/no/such/chromium')).toMatchObject({ exitCode: 0, stdout: '' });
  const { exitCode, stderr } = await chromium('install', '/no/such/chromium');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('CHROMIUM=/no/such/chromium is no program');
});
