import { LoginBody } from '@shop/contracts/accounts.ts';
import { getRouteApi, Link } from '@tanstack/react-router';
import { api, bodyOf } from '../api/client.ts';
import { AccountForm } from '../forms/account-form.tsx';
import { contractResolver } from '../forms/contract-resolver.ts';

const route = getRouteApi('/login');
const resolver = contractResolver(LoginBody);

export function LoginPage() {
  const { from } = route.useSearch();
  return (
    <AccountForm
      title="Log in"
      heading="Welcome back"
      lead={from && 'Log in, and you go on where you were.'}
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
    </AccountForm>
  );
}
