import type { AddedCart, Cart } from '@shop/contracts/cart.ts';
import { maxQuantity } from '@shop/contracts/values.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, isProblem } from '../api/client.ts';
import { cartQuery } from '../api/queries.ts';
import { tellOtherTabs } from '../session/other-tabs.ts';
import { notify } from '../shell/notify.ts';
import { latestVersion, noteChange, type Quantities, quantitiesIn } from './versions.ts';

type Line = { productId: string; name: string };
/** `add` adds to the quantity that the cart then has; `set` replaces a quantity that the shopper has seen. */
type Change = Line & ({ add: number } | { set: number; seen: Cart | undefined });

/** Sends a change. A quantity is set, or a line removed, only in a cart that the shopper has seen (`If-Match`). */
function send(change: Change): Promise<Cart & Partial<Pick<AddedCart, 'notAdded'>>> {
  const { productId } = change;
  if ('add' in change)
    return bodyOf(api.POST('/api/cart/items', { body: { productId, quantity: change.add } }));
  const { set: quantity, seen } = change;
  const header = seen && { 'if-match': `"${latestVersion(seen.version)}"` };
  const params = { path: { productId }, header };
  return quantity === 0
    ? bodyOf(api.DELETE('/api/cart/items/{productId}', { params }))
    : bodyOf(api.PUT('/api/cart/items/{productId}', { params, body: { quantity } }));
}

const quantityIn = (cart: Cart | undefined, productId: string) =>
  cart?.items.find((line) => line.productId === productId)?.quantity ?? 0;

/** How many of each product the cart will have, as far as the page knows. */
function expectedIn(cart: Cart, change: Change): Quantities {
  const expected = quantitiesIn(cart);
  const { productId } = change;
  const quantity =
    'add' in change ? Math.min((expected.get(productId) ?? 0) + change.add, maxQuantity) : change.set;
  if (quantity > 0) expected.set(productId, quantity);
  else expected.delete(productId);
  return expected;
}

/** The lines of `cart` with these quantities: shown until the answer comes. */
function withQuantities(cart: Cart, quantities: Quantities): Cart {
  const items = cart.items
    .filter(({ productId }) => quantities.has(productId))
    .map((line) => {
      const quantity = quantities.get(line.productId) ?? 0;
      return { ...line, quantity, lineTotalCents: line.priceCents * quantity };
    });
  return { ...cart, items, totalCents: items.reduce((sum, line) => sum + line.lineTotalCents, 0) };
}

function tellNotAdded({ name }: Line, notAdded: number): void {
  notify({
    title: `${notAdded} of ${name} did not fit`,
    description: `A cart holds at most ${maxQuantity} of one thing.`,
    type: 'error',
  });
}

/** The cart and every change to it. */
export function useCart() {
  return { cart: useQuery(cartQuery), ...useCartChanges() };
}

/** Every change to the cart, for components that do not show the cart itself. One click undoes a change. */
export function useCartChanges() {
  const queries = useQueryClient();
  const { queryKey } = cartQuery;
  const shown = () => queries.getQueryData(queryKey);

  const change = useMutation({
    mutationKey: queryKey,
    // Changes are sent one after the other, in the order of the clicks. Each click is a call of its own, with its own
    // key.
    scope: { id: 'cart' },
    mutationFn: send,
    onMutate: async (next: Change) => {
      await queries.cancelQueries({ queryKey });
      const before = shown();
      const expected = before && expectedIn(before, next);
      if (expected) queries.setQueryData(queryKey, withQuantities(before, expected));
      return { before, expected };
    },
    onSuccess: ({ notAdded = 0, ...cart }, next, { before, expected }) => {
      if (before && expected) noteChange(before.version, expected, cart);
      // Later clicks are shown already, and their answers are on the way.
      if (queries.isMutating({ mutationKey: queryKey }) === 1) queries.setQueryData(queryKey, cart);
      if (notAdded > 0) tellNotAdded(next, notAdded);
      tellOtherTabs('cart');
    },
    onError: (error) => {
      void queries.invalidateQueries({ queryKey });
      if (isProblem(error, 'session-ended')) return;
      if (isProblem(error, 'cart-changed')) {
        notify({
          title: 'Your cart has changed meanwhile',
          description: 'It was changed somewhere else. This is what is in it now: please choose again.',
          type: 'error',
        });
      } else notify({ title: 'That did not work', description: error.message, type: 'error' });
    },
  });

  function set({ productId, name }: Line, quantity: number): void {
    change.mutate({ productId, name, set: quantity, seen: shown() });
  }
  /** Shows a notice of the change, with a button that undoes it. */
  function say(title: string, { productId }: Line, undo: () => void): void {
    notify({ id: `cart-${productId}`, title, action: { label: 'Undo', run: undo } });
  }

  return {
    isChanging: change.isPending,
    set,
    /** @param isTold whether a notice is shown: not where the cart itself is on the screen. */
    add({ productId, name }: Line, pieces = 1, isTold = true): void {
      change.mutate({ productId, name, add: pieces });
      if (!isTold) return;
      const line = { productId, name };
      say(`${name} is in your cart`, line, () =>
        set(line, Math.max(0, quantityIn(shown(), productId) - pieces)),
      );
    },
    remove({ productId, name }: Line): void {
      const line = { productId, name };
      const before = quantityIn(shown(), productId);
      set(line, 0);
      say(`${name} was removed`, line, () => set(line, before));
    },
  };
}
