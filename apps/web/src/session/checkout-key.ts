import type { Cart } from '@shop/contracts/cart.ts';
import Cookies from 'js-cookie';

/**
 * The Idempotency-Key of the order that is being placed, and of which cart. It outlives a double click, a reload, the
 * back button and a change of edges, and is dropped only when an answer came: so all of these make one order. Another
 * cart is another order: nothing is ever ordered under an old key that the shopper has not looked at.
 */
const name = 'checkout';

type Checkout = { key: string; fingerprint: string };

/** What exactly the shopper has looked at: which things, how many, for how much. */
export async function fingerprintOf({ items, totalCents }: Cart): Promise<string> {
  const lines = items.map(({ productId, quantity }) => `${productId} ${quantity}`).sort();
  const bytes = new TextEncoder().encode([...lines, totalCents].join('\n'));
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The order that was sent and not answered yet, if there is one. */
export function unansweredCheckout(): Checkout | undefined {
  const [key, fingerprint] = Cookies.get(name)?.split('.') ?? [];
  return key && fingerprint ? { key, fingerprint } : undefined;
}

export function checkoutKey(fingerprint: string): string {
  const unanswered = unansweredCheckout();
  const key = unanswered?.fingerprint === fingerprint ? unanswered.key : crypto.randomUUID();
  // As long as the API keeps answers.
  Cookies.set(name, `${key}.${fingerprint}`, { expires: 1, sameSite: 'Lax' });
  return key;
}

export const finishCheckout = () => Cookies.remove(name);
