import type { Cart } from '@shop/contracts/cart.ts';
import Cookies from 'js-cookie';

/**
 * The Idempotency-Key of the order that is being placed, and the cart that it belongs to. It survives a double click, a
 * reload, the back button and a change of edges, and is dropped only when an answer came: so all of these make one
 * order. Another cart gets another key, so the shopper always sees the cart that is ordered.
 */
const name = 'checkout';

type Checkout = { key: string; fingerprint: string };

/** A text for what the shopper has seen: which products, how many, at which price. */
export async function fingerprintOf({ items, totalCents }: Cart): Promise<string> {
  const lines = items.map(({ productId, quantity }) => `${productId} ${quantity}`).sort();
  const bytes = new TextEncoder().encode([...lines, totalCents].join('\n'));
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The order that was sent and has no answer yet, if there is one. */
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
