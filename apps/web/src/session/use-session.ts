import type { User } from '@shop/contracts/accounts.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { meQuery } from '../api/queries.ts';
import { finishCheckout } from './checkout-key.ts';
import { forgetSignedIn, rememberSignedIn } from './session-hint.ts';

/** What belongs to a person is forgotten when another one comes; the catalogue stays. */
const isPersonal = (name: string) => ['orders', 'order'].includes(name) || name.startsWith('admin-');

/** What the page does after a login or a logout. */
export function useSession() {
  const queries = useQueryClient();
  const router = useRouter();

  function forget(): void {
    queries.removeQueries({ predicate: ({ queryKey }) => isPersonal(String(queryKey[0])) });
    // Shown on every page, so it is asked for anew rather than taken away.
    void queries.invalidateQueries({ queryKey: ['cart'] });
  }

  return {
    async signedIn(user: User, from = '/') {
      rememberSignedIn();
      queries.setQueryData(meQuery.queryKey, user);
      forget();
      await router.navigate({ to: from, replace: true });
    },
    async signedOut() {
      forgetSignedIn();
      finishCheckout();
      await router.navigate({ to: '/' });
      queries.setQueryData(meQuery.queryKey, null);
      forget();
    },
  };
}
