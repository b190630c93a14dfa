import { RegisterBody } from '@shop/contracts/accounts.ts';
import { getRouteApi, Link } from '@tanstack/react-router';
import { api, bodyOf } from '../api/client.ts';
import { AccountForm } from '../forms/account-form.tsx';
import { contractResolver } from '../forms/contract-resolver.ts';

const route = getRouteApi('/register');
const resolver = contractResolver(RegisterBody);

export function RegisterPage() {
  const { from } = route.useSearch();
  return (
    <AccountForm
      title="Make an account"
      heading="Make an account"
      lead="Your cart comes along."
      resolver={resolver}
      blank={{ name: '', email: '', password: '' }}
      passwordHint="At least 8 characters."
      button={{ idle: 'Make the account', busy: 'One moment…' }}
      send={(body) => bodyOf(api.POST('/api/auth/register', { body }))}
      from={from}
    >
      You have one?{' '}
      <Link to="/login" search={{ from }} className="link">
        Log in
      </Link>
    </AccountForm>
  );
}
