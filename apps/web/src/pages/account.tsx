import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, bodyOf } from '../api/client.ts';
import { meQuery } from '../api/queries.ts';
import { day } from '../components/format.ts';
import { PageMeta } from '../components/page-meta.tsx';
import { FormError } from '../forms/field.tsx';
import { useSession } from '../session/use-session.ts';

export function AccountPage() {
  const { data: me } = useQuery(meQuery);
  const { signedOut } = useSession();
  const logout = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/auth/logout')),
    onSuccess: signedOut,
  });
  if (!me) return null;
  return (
    <div className="page max-w-3xl pt-14">
      <PageMeta title="Your account" />
      <h1 className="text-title">{me.name}</h1>
      <dl className="panel mt-8 grid gap-x-8 gap-y-3 p-6 sm:grid-cols-[auto_1fr]">
        <dt className="text-muted">E-mail</dt>
        <dd>{me.email}</dd>
        <dt className="text-muted">Customer since</dt>
        <dd>{day(me.createdAt)}</dd>
      </dl>
      <div className="mt-8 flex flex-wrap gap-3">
        <Link to="/orders" className="button">
          Your orders
        </Link>
        {me.role === 'admin' && (
          <Link to="/admin" className="button button-quiet">
            Administration
          </Link>
        )}
        <button
          type="button"
          className="button button-quiet"
          disabled={logout.isPending}
          onClick={() => logout.mutate()}
        >
          Log out
        </button>
      </div>
      <div className="mt-4">
        <FormError>{logout.error && 'We could not log you out. Please try again.'}</FormError>
      </div>
    </div>
  );
}
