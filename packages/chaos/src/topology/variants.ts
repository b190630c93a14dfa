import { compose } from './topology.ts';

/**
 * Builds in which one mechanism is switched off, so that a test can be seen to object. `production`, which is what
 * `npm start` and plain `docker compose up` run, refuses to start with any of them.
 */
const variants = {
  'edge-repeats-nothing': ['edge-1', 'edge-2'],
  'edge-resolves-once': ['edge-1', 'edge-2'],
  'edge-buffers-nothing': ['edge-1', 'edge-2'],
  'api-does-not-drain': ['api'],
  // The edges too, whose limit by address has to be out of the way.
  'api-admits-everything': ['api', 'edge-1', 'edge-2'],
  'reads-do-not-fall-back': ['api'],
  'worker-takes-nothing-over': ['worker'],
  'cancelled-wait-is-success': ['api'],
  'sessions-in-memory': ['api'],
  'no-idempotency-row': ['api'],
  'published-after-commit': ['api', 'worker'],
  'relay-without-dedupe': ['worker'],
  'asynchronous-commit': ['api'],
  'reads-ignore-the-watermark': ['api'],
  'edge-repeats-what-has-no-key': ['edge-1', 'edge-2'],
  'edge-knows-one-place': ['edge-1', 'edge-2'],
  'stock-checked-before': ['api'],
  'cart-reads-then-writes': ['api'],
  'replay-without-commit': ['api'],
  'fences-the-living': ['fencer'],
} as const;

export type Variant = keyof typeof variants;

/** Runs `body` on the topology with one mechanism switched off, and switches it on again whatever happens. */
export async function withVariant(
  variant: Variant,
  body: () => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  await withSettings([...variants[variant]], { ...settings, ...settingsOf(variant) }, body);
}

/** For a service that is created anew for another reason anyway; `withVariant` otherwise. */
export const settingsOf = (variant: Variant) => ({ BROKEN_VARIANT: variant, SHOP_ENVIRONMENT: 'test' });

/** Runs `body` with other settings of some services, and gives them back their own whatever happens. */
export async function withSettings(
  services: string[],
  settings: Record<string, string>,
  body: () => Promise<void>,
): Promise<void> {
  await recreate(services, settings);
  try {
    await body();
  } finally {
    await recreate(services, {});
  }
}

/** No request is served meanwhile, so what runs is not given time to drain: it is killed. */
async function recreate(services: string[], settings: Record<string, string>): Promise<void> {
  const options = ['--detach', '--no-deps', '--no-build', '--timeout', '0', '--wait'];
  await compose(['up', ...options, ...services], settings);
}
