import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('start-edge.sh', import.meta.url));

test.each([
  'edge-repeats-nothing',
  'edge-resolves-once',
  'edge-buffers-nothing',
  'edge-repeats-what-has-no-key',
  'edge-knows-one-place',
])(
  'the edge does not start as %s in production, also when nothing says which environment this is',
  (variant) => {
    for (const environment of [{}, { SHOP_ENVIRONMENT: 'production' }]) {
      const env = { PATH: process.env.PATH, BROKEN_VARIANT: variant, ...environment };
      const { status, stderr } = spawnSync('bash', [script], { env, encoding: 'utf8' });
      expect(stderr).toContain('refused in production');
      expect(status).toBe(1);
    }
  },
);
