import type { Cart } from '@shop/contracts/cart.ts';
import type { ProblemCode } from '@shop/contracts/problems.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { api, bodyOf, isProblem } from '../api/client.ts';
import { cartQuery, meQuery, orderQuery } from '../api/queries.ts';
import { OrderLines } from '../components/order-lines.tsx';
import { OutOfStock } from '../components/out-of-stock.tsx';
import { PageMeta } from '../components/page-meta.tsx';
import { smallPicture } from '../components/picture.tsx';
import { Empty, Failure, Skeleton } from '../components/states.tsx';
import { FormError } from '../forms/field.tsx';
import { checkoutKey, fingerprintOf, finishCheckout, unansweredCheckout } from '../session/checkout-key.ts';
import { tellOtherTabs } from '../session/other-tabs.ts';

/** The cart is no longer the one that the shopper has seen: the page shows it again before it is ordered. */
class CartChanged extends Error {}

/**
 * Answers that refuse the order. After one of these the next attempt has a new key; after any other answer, or none,
 * the key stays.
 */
const refusals: ProblemCode[] = [
  'out-of-stock',
  'cart-empty',
  'validation-failed',
  'not-authenticated',
  'session-ended',
  'session-changed',
];

/** Orders the cart: once, however often it is called with the same key. */
function usePlaceOrder() {
  const queries = useQueryClient();
  const navigate = useNavigate();

  /** @param reviewed the cart that the shopper has seen; undefined continues an order that was sent before. */
  async function place(reviewed?: Cart) {
    let key = unansweredCheckout()?.key;
    if (reviewed || !key) {
      const now = await queries.fetchQuery({ ...cartQuery, staleTime: 0 });
      const fingerprint = await fingerprintOf(now);
      if (reviewed && fingerprint !== (await fingerprintOf(reviewed))) throw new CartChanged();
      key = checkoutKey(fingerprint);
    }
    // For the customer that the page shows: in another tab, another one may have logged in meanwhile.
    const header = { 'idempotency-key': key, 'x-customer-id': queries.getQueryData(meQuery.queryKey)?.id };
    return await bodyOf(api.POST('/api/orders', { params: { header }, body: {} }));
  }

  return useMutation({
    // After every change of the cart that is still in progress.
    scope: { id: 'cart' },
    mutationFn: place,
    onSuccess: async (order) => {
      finishCheckout();
      queries.setQueryData(orderQuery(order.id).queryKey, order);
      void queries.invalidateQueries({ queryKey: cartQuery.queryKey });
      tellOtherTabs('cart');
      void queries.invalidateQueries({ queryKey: ['product'] });
      // Replaces the checkout in the history: the back button leads to the cart, not to a second order.
      await navigate({ to: '/orders/$id', params: { id: order.id }, search: { new: true }, replace: true });
    },
    onError: (error) => {
      if (isProblem(error) && refusals.includes(error.code)) finishCheckout();
      void queries.invalidateQueries({ queryKey: cartQuery.queryKey });
      if (isProblem(error, 'session-changed')) void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
}

function messageOf(error: Error | null): string | null {
  if (!error || isProblem(error, 'out-of-stock')) return null;
  if (error instanceof CartChanged) return 'Your cart has changed meanwhile. This is what is in it now.';
  if (isProblem(error, 'session-changed'))
    return 'Another account is logged in now. Nothing was ordered. Please look at whose cart this is.';
  // The page asks for the login then.
  if (isProblem(error) && error.status === 401) return null;
  if (isProblem(error, 'cart-empty')) return 'The cart is empty.';
  return 'There is no answer yet. Press the button again: it will be the same order, not a second one.';
}

export function CheckoutPage() {
  const { data: cart, error, refetch } = useQuery(cartQuery);
  const { data: me } = useQuery(meQuery);
  const order = usePlaceOrder();
  const { mutate } = order;

  // The page was reloaded or left while the order was being placed: it continues under the same key. If that order
  // exists, the cart is empty; if not, the cart is unchanged. For any other cart the shopper decides again.
  const looked = useRef(false);
  useEffect(() => {
    if (!cart || looked.current) return;
    looked.current = true;
    const sent = unansweredCheckout();
    if (!sent) return;
    void fingerprintOf(cart).then((fingerprint) => {
      if (cart.items.length === 0 || fingerprint === sent.fingerprint) mutate(undefined);
    });
  }, [cart, mutate]);

  if (error && !cart) return <Failure error={error} retry={() => void refetch()} />;
  const busy = order.isPending || order.isSuccess;
  return (
    <div className="page max-w-3xl pt-10">
      <PageMeta title="Checkout" />
      <h1 className="text-title">Is everything right?</h1>
      <p className="mt-2 min-h-6 text-muted">
        {me && `Ordered by ${me.name}; the confirmation goes to ${me.email}.`}
      </p>
      {!cart && <Skeleton className="mt-8 h-96 w-full rounded-3xl" />}
      {cart?.items.length === 0 && !busy && (
        <Empty
          title="There is nothing to order"
          action={
            <Link to="/orders" className="button">
              Your orders
            </Link>
          }
        >
          Your cart is empty. What you have ordered is among your orders.
        </Empty>
      )}
      {cart && (cart.items.length > 0 || busy) && (
        <div className="mt-8 grid gap-6">
          {isProblem(order.error, 'out-of-stock') && (
            <OutOfStock products={order.error.problem.products ?? []} onResolved={order.reset} />
          )}
          <FormError>{messageOf(order.error)}</FormError>
          <OrderLines
            lines={cart.items.map((line) => ({ ...line, imageUrl: smallPicture(line.imageUrl) }))}
            totalCents={cart.totalCents}
          />
          <div className="flex flex-wrap gap-3">
            <button
              type="button"
              className="button w-full sm:w-auto sm:min-w-56"
              disabled={busy}
              onClick={() => mutate(cart)}
            >
              {busy ? 'Placing your order…' : 'Place the order'}
            </button>
            <Link to="/cart" className="button button-quiet">
              Change something
            </Link>
          </div>
          <p className="text-sm text-muted">
            No address, no tax, no shipping: this shop sells nothing that leaves the computer.
          </p>
        </div>
      )}
    </div>
  );
}
