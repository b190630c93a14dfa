import { LoginBody } from '@shop/contracts/accounts.ts';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { api, bodyOf, isProblem } from '../api/client.ts';
import { useObservable } from '../api/observable.ts';
import { AccountForm } from '../forms/account-form.tsx';
import { contractResolver } from '../forms/contract-resolver.ts';
import { hasEnded } from '../session/ended-session.ts';
import { useSession } from '../session/use-session.ts';

const route = getRouteApi('/login');
const resolver = contractResolver(LoginBody);

/**
 * Drops the ended session, so that a guest starts with an empty cart. When the browser itself has dropped the cookie, the
 * cart is a guest's already, and a logout would lose it.
 */
async function dropEndedSession(): Promise<void> {
  try {
    await bodyOf(api.GET('/api/cart'));
  } catch (error) {
    if (!isProblem(error, 'session-ended')) throw error;
    await bodyOf(api.POST('/api/auth/logout'));
  }
}

/** For a shopper who does not want to log in again. */
function GoOnAsGuest() {
  const { signedOut } = useSession();
  const drop = useMutation({ mutationFn: dropEndedSession, onSuccess: signedOut });
  return (
    <button type="button" className="link" disabled={drop.isPending} onClick={() => drop.mutate()}>
      Go on as a guest
    </button>
  );
}

export function LoginPage() {
  const { from } = route.useSearch();
  const isEnded = useObservable(hasEnded);
  const lead = isEnded
    ? 'Your session has ended. Log in, and you go on where you were, with the same cart.'
    : from && 'Log in, and you go on where you were.';
  return (
    <AccountForm
      title="Log in"
      heading="Welcome back"
      lead={lead}
      resolver={resolver}
      blank={{ email: '', password: '' }}
      button={{ idle: 'Log in', busy: 'Logging in…' }}
      send={(body) => bodyOf(api.POST('/api/auth/login', { body }))}
      from={from}
    >
      New here?{' '}
      <Link to="/register" search={{ from }} className="link">
        Make an account
      </Link>
      {isEnded && (
        <>
          {' · '}
          <GoOnAsGuest />
        </>
      )}
    </AccountForm>
  );
}
