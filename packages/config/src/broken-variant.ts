/**
 * Builds in which one mechanism is switched off, to show that the test of that mechanism fails. A program reads only
 * the variants that concern it. `packages/chaos/src/topology/variants.ts` names the services that each variant
 * restarts; docs/decisions/0013-broken-variants.md says which mechanism it leaves out and which anomaly follows.
 */
export const brokenVariants = [
  'edge-repeats-nothing',
  'edge-resolves-once',
  'edge-buffers-nothing',
  'api-does-not-drain',
  'api-admits-everything',
  'reads-do-not-fall-back',
  'worker-takes-nothing-over',
  'cancelled-wait-is-success',
  'sessions-in-memory',
  'no-idempotency-row',
  'published-after-commit',
  'relay-without-dedupe',
  'asynchronous-commit',
  'reads-ignore-the-watermark',
  'edge-repeats-what-has-no-key',
  'edge-knows-one-place',
  'stock-checked-before',
  'cart-reads-then-writes',
  'replay-without-commit',
  'fences-the-living',
] as const;
export type BrokenVariant = (typeof brokenVariants)[number];

/**
 * The variant that `BROKEN_VARIANT` names, if any.
 *
 * @throws in production, and for an unknown name. Every process is in production unless `SHOP_ENVIRONMENT` says
 * otherwise.
 */
export function brokenVariant(env: Record<string, string | undefined>): BrokenVariant | undefined {
  const name = env.BROKEN_VARIANT;
  if (!name) return undefined;
  if ((env.SHOP_ENVIRONMENT || 'production') === 'production') {
    throw new Error(`BROKEN_VARIANT=${name} breaks a promise on purpose: refused in production`);
  }
  const known = brokenVariants.find((variant) => variant === name);
  if (!known) throw new Error(`BROKEN_VARIANT=${name} is none of ${brokenVariants.join(', ')}`);
  return known;
}
