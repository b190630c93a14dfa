import type { Cart } from '@shop/contracts/cart.ts';
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf } from '../api/client.ts';
import { maxQuantity } from '../api/limits.ts';
import { cartQuery } from '../api/queries.ts';
import { notify } from '../shell/notify.ts';

/** Tells the shop's other tabs that the cart has changed, and hears it from them. */
const otherTabs = new BroadcastChannel('cart');
const listenedBy = new WeakSet<QueryClient>();

export function followOtherTabs(queries: QueryClient): void {
  if (listenedBy.has(queries)) return;
  listenedBy.add(queries);
  otherTabs.addEventListener(
    'message',
    () => void queries.invalidateQueries({ queryKey: cartQuery.queryKey }),
  );
}

export const tellOtherTabs = () => otherTabs.postMessage('changed');

type Line = { productId: string; name: string };
type Change = Line & { quantity: number };

const put = ({ productId, quantity }: Change) =>
  quantity === 0
    ? bodyOf(api.DELETE('/api/cart/items/{productId}', { params: { path: { productId } } }))
    : bodyOf(api.PUT('/api/cart/items/{productId}', { params: { path: { productId } }, body: { quantity } }));

const quantityIn = (cart: Cart | undefined, productId: string) =>
  cart?.items.find((line) => line.productId === productId)?.quantity ?? 0;

/** What the cart will be, as far as the page can know: shown until the answer comes. */
function expected(cart: Cart, { productId, quantity }: Change): Cart {
  const items = cart.items
    .map((line) =>
      line.productId === productId ? { ...line, quantity, lineTotalCents: line.priceCents * quantity } : line,
    )
    .filter((line) => line.quantity > 0);
  return { ...cart, items, totalCents: items.reduce((sum, line) => sum + line.lineTotalCents, 0) };
}

/** The cart and every change to it. */
export function useCart() {
  return { cart: useQuery(cartQuery), ...useCartChanges() };
}

/** Every change to the cart, each of which can be taken back by one click, for pages that do not show the cart itself. */
export function useCartChanges() {
  const queries = useQueryClient();
  const { queryKey } = cartQuery;

  const change = useMutation({
    // One after the other, in the order of the clicks.
    scope: { id: 'cart' },
    mutationFn: put,
    onMutate: async (next: Change) => {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData(queryKey);
      if (before) queries.setQueryData(queryKey, expected(before, next));
    },
    onSuccess: (answer) => {
      queries.setQueryData(queryKey, answer);
      tellOtherTabs();
    },
    onError: (error) => {
      void queries.invalidateQueries({ queryKey });
      notify({ title: 'That did not work', description: error.message, type: 'error' });
    },
  });

  const current = (productId: string) => quantityIn(queries.getQueryData(queryKey), productId);

  function set(line: Line, quantity: number, said?: string): void {
    const before = current(line.productId);
    const { productId, name } = line;
    change.mutate({ productId, name, quantity });
    if (!said) return;
    const undo = () => change.mutate({ productId, name, quantity: before });
    notify({ id: `cart-${productId}`, title: said, action: { label: 'Undo', run: undo } });
  }

  return {
    isChanging: change.isPending,
    set: (line: Line, quantity: number) => set(line, quantity),
    add: (line: Line, pieces = 1) =>
      set(line, Math.min(current(line.productId) + pieces, maxQuantity), `${line.name} is in your cart`),
    remove: (line: Line) => set(line, 0, `${line.name} was removed`),
  };
}
