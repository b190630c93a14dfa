import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ordersQuery } from '../api/queries.ts';
import { count, day, price } from '../components/format.ts';
import { StatusMark } from '../components/order-status.tsx';
import { PageMeta } from '../components/page-meta.tsx';
import { Empty, Failure, Skeleton } from '../components/states.tsx';

export function OrdersPage() {
  const list = useInfiniteQuery(ordersQuery);
  const { data, error, hasNextPage, isFetchingNextPage } = list;
  const orders = data?.pages.flatMap((page) => page.items);
  return (
    <div className="page max-w-4xl pt-10">
      <PageMeta title="Your orders" />
      <h1 className="text-title">Your orders</h1>
      {!orders && error && <Failure error={error} retry={() => void list.refetch()} />}
      {!orders && !error && <Skeleton className="mt-8 h-80 w-full rounded-3xl" />}
      {orders?.length === 0 && <Empty title="No orders yet">They will be listed here, newest first.</Empty>}
      <ul className="mt-8 grid gap-3">
        {orders?.map((order) => (
          <li key={order.id} className="panel relative flex flex-wrap items-center gap-x-6 gap-y-2 p-5">
            <div className="min-w-0 basis-full sm:flex-1 sm:basis-0">
              <h2 className="font-sans text-lg font-semibold tracking-normal">
                <Link
                  to="/orders/$id"
                  params={{ id: order.id }}
                  className="after:absolute after:inset-0 after:rounded-3xl"
                >
                  Order {order.number}
                </Link>
              </h2>
              <p className="truncate text-muted">
                {day(order.placedAt)} · {count(order.items.length, 'product')}
              </p>
            </div>
            <StatusMark status={order.status} />
            <p className="ml-auto w-24 text-right font-semibold tabular-nums">{price(order.totalCents)}</p>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <div className="mt-8 text-center">
          <button
            type="button"
            className="button button-quiet"
            disabled={isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {isFetchingNextPage ? 'Loading…' : 'Older orders'}
          </button>
        </div>
      )}
    </div>
  );
}
