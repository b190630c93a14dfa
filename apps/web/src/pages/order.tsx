import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api, bodyOf, isProblem } from '../api/client.ts';
import { orderQuery, ordersQuery } from '../api/queries.ts';
import { moment } from '../components/format.ts';
import { OrderLines } from '../components/order-lines.tsx';
import { StatusPath, statusNames, statusNotes } from '../components/order-status.tsx';
import { PageMeta } from '../components/page-meta.tsx';
import { Failure, Skeleton } from '../components/states.tsx';
import { FormError } from '../forms/field.tsx';

const route = getRouteApi('/customer/orders/$id');

function CancelButton({ id }: { id: string }) {
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/orders/{id}/cancel', { params: { path: { id } } })),
    onSuccess: (order) => queries.setQueryData(orderQuery(id).queryKey, order),
    onError: () => void queries.invalidateQueries({ queryKey: orderQuery(id).queryKey }),
  });
  return (
    <div className="grid gap-3">
      <button
        type="button"
        className="button button-quiet"
        disabled={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        {cancel.isPending ? 'Cancelling…' : 'Cancel this order'}
      </button>
      <FormError>
        {cancel.error &&
          (isProblem(cancel.error, 'order-not-cancellable')
            ? 'It can no longer be cancelled.'
            : 'It could not be cancelled right now. Please try again.')}
      </FormError>
    </div>
  );
}

export function OrderPage() {
  const { id } = route.useParams();
  const { new: isNew } = route.useSearch();
  const queries = useQueryClient();
  const { data: order, error, refetch } = useQuery(orderQuery(id));
  const status = order?.status;
  useEffect(() => {
    if (status) void queries.invalidateQueries({ queryKey: ordersQuery.queryKey });
  }, [status, queries]);

  if (error && !order) return <Failure error={error} retry={() => void refetch()} />;
  if (!order) {
    return (
      <div className="page max-w-3xl pt-12">
        <Skeleton className="h-12 w-72" />
        <Skeleton className="mt-8 h-80 w-full rounded-3xl" />
      </div>
    );
  }
  const cancellable = status === 'placed' || status === 'paid';
  return (
    <div className="page max-w-3xl pt-12">
      <PageMeta title={`Order ${order.number}`} />
      <p className="text-muted">
        {isNew ? 'Thank you. A mail is on its way to you.' : `Placed ${moment(order.placedAt)}`}
      </p>
      <h1 className="mt-1 text-title">
        {isNew ? `We have your order ${order.number}` : `Order ${order.number}`}
      </h1>
      <div className="mt-8">
        <StatusPath status={order.status} />
        <p role="status" className="mt-5 text-muted text-pretty">
          <span className="sr-only">{statusNames[order.status]}. </span>
          {statusNotes[order.status]}
        </p>
      </div>
      <div className="mt-8">
        <OrderLines lines={order.items} totalCents={order.totalCents} />
      </div>
      <div className="mt-8 flex flex-wrap items-start gap-3">
        <Link to="/" className="button">
          Go on shopping
        </Link>
        {cancellable && <CancelButton id={order.id} />}
        <Link to="/orders" className="button button-quiet">
          All orders
        </Link>
      </div>
    </div>
  );
}
