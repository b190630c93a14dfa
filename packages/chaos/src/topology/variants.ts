import { namespaceUnderTest } from '@shop/shop-client/topology-under-test.ts';
import { setInPods } from './deployments.ts';
import { compose } from './topology.ts';

/**
 * Builds in which one mechanism is switched off, to show that a test fails without it. In `production`, the mode of
 * `npm start` and plain `docker compose up`, a program refuses to start with any of them.
 */
const variants = {
  'edge-repeats-nothing': ['edge-1', 'edge-2'],
  'edge-resolves-once': ['edge-1', 'edge-2'],
  'edge-buffers-nothing': ['edge-1', 'edge-2'],
  'api-does-not-drain': ['api'],
  // The edges too, because their limit for each address must not refuse the load.
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

/** A variant that replaces replicas of the API and nothing else. */
export type VariantOfTheApi = {
  [Name in Variant]: (typeof variants)[Name] extends readonly ['api'] ? Name : never;
}[Variant];

/** The services that a broken build replaces. */
export const servicesReplacedBy = (variant: Variant): readonly string[] => variants[variant];

/** Runs `body` on the topology with one mechanism switched off, and switches it on again, also after a failure. */
export async function withVariant(
  variant: Variant,
  body: () => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  await withSettings([...variants[variant]], { ...settings, ...settingsOf(variant) }, body);
}

/** For a service that is recreated for another reason anyway; otherwise use `withVariant`. */
export const settingsOf = (variant: Variant) => ({ BROKEN_VARIANT: variant, SHOP_ENVIRONMENT: 'test' });

/** Runs `body` with other settings of some services, and restores their own settings, also after a failure. */
export async function withSettings(
  services: string[],
  settings: Record<string, string>,
  body: () => Promise<void>,
): Promise<void> {
  if (namespaceUnderTest) await setInPods(services, settings);
  else await recreate(services, settings);
  try {
    await body();
  } finally {
    if (namespaceUnderTest) await setInPods(services, settings, 'restore');
    else await recreate(services, {});
  }
}

/** No request is served meanwhile, so the old containers are killed and not drained. */
async function recreate(services: string[], settings: Record<string, string>): Promise<void> {
  const options = ['--detach', '--no-deps', '--no-build', '--timeout', '0', '--wait'];
  await compose(['up', ...options, ...services], settings);
}
