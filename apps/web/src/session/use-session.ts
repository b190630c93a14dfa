import type { LoggedIn } from '@shop/contracts/accounts.ts';
import type { Cart } from '@shop/contracts/cart.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { cartQuery, meQuery } from '../api/queries.ts';
import { forgetDrafts } from '../forms/draft.ts';
import { notify } from '../shell/notify.ts';
import { finishCheckout } from './checkout-key.ts';
import { hasEnded } from './ended-session.ts';
import { forgetPersonal, tellOtherTabs } from './other-tabs.ts';
import { forgetSignedIn, rememberSignedIn } from './session-hint.ts';

/** Names the products of the guest's cart that did not fit into the customer's. */
function tellNotMerged(notMerged: LoggedIn['notMerged'], guests: Cart | undefined): void {
  if (notMerged.length === 0) return;
  const left = notMerged.map(({ productId, quantity }) => {
    const name = guests?.items.find((line) => line.productId === productId)?.name ?? 'something';
    return `${quantity} × ${name}`;
  });
  notify({
    title: 'Not everything fitted into your cart',
    description: `Left out: ${left.join(', ')}. A cart holds 50 things, and 99 pieces of each.`,
    type: 'error',
  });
}

/** What the page does after a login or a logout. */
export function useSession() {
  const queries = useQueryClient();
  const router = useRouter();

  return {
    async signedIn({ notMerged, ...user }: LoggedIn, from = '/') {
      rememberSignedIn(user.id);
      hasEnded.update(() => false);
      tellNotMerged(notMerged, queries.getQueryData(cartQuery.queryKey));
      queries.setQueryData(meQuery.queryKey, user);
      forgetPersonal(queries);
      tellOtherTabs('session');
      // `navigate({ to })` takes a path: in a query it would drop slashes, and fill in what looks like a parameter.
      router.history.replace(from);
    },
    async signedOut() {
      forgetSignedIn();
      hasEnded.update(() => false);
      finishCheckout();
      forgetDrafts();
      await router.navigate({ to: '/' });
      queries.setQueryData(meQuery.queryKey, null);
      forgetPersonal(queries);
      tellOtherTabs('session');
    },
  };
}
